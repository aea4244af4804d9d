' warning: not-available 4 8
' warning: not-available 5 1
' error: unsupported-keyword 8 8
DATA = FIND "customers", "updated > '" & TODAY & "'"
MERGE "customers" WITH data BY "id"
MERGE "customers", data, "id"
MERGE customers WITH data ON id
rows = SELECT name, COUNT(*) FROM data
  WHERE age > 18
  GROUP BY name
TALK rows
