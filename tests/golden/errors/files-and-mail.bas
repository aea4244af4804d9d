' warning: not-available 14 9
' warning: not-available 16 3
' warning: not-available 18 3
' warning: not-available 19 13
' warning: not-available 20 3
' warning: not-available 22 9
' warning: not-available 24 10
' warning: not-available 25 3
' warning: not-available 26 3
' warning: not-available 27 3
' warning: not-available 28 3
' warning: not-available 30 5
' warning: not-available 31 1
files = LIST "reports"
FOR EACH file IN files
  COPY file.path TO "archive/" + file.name
  COPY file.path, "second/" + file.name
  MOVE "a.txt" TO "b.txt"
  content = READ file.path
  WRITE "copy.txt", content
  WRITE content TO "other.txt"
  url = UPLOAD file.path
  url2 = UPLOAD file.path TO "remote/"
  path = DOWNLOAD "https://example.com/x.pdf", "x.pdf"
  SEND FILE path, "Your file"
  SEND FILE TO "+15550100", path
  DELETE FILE "b.txt"
  DELETE "c.txt"
NEXT file
d = DIR "/"
SEND MAIL "a@example.com", "Files", "See attached" ATTACHMENT files
