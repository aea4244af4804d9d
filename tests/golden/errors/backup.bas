' warning: not-available 6 1
' warning: not-available 7 9
' warning: not-available 10 5
' error: unsupported-keyword 13 7
' warning: not-available 14 1
SET SCHEDULE "0 1 * * *"
files = LIST "documents"
FOR EACH file IN files
  IF DATEDIFF(NOW(), file.modified, "day") < 1 THEN
    COPY "documents/" + file.name TO "backup/" + FORMAT(TODAY(), "YYYYMMDD") + "/" + file.name
  END IF
END FOR
zip = COMPRESS files, "backup.zip"
UPLOAD zip
