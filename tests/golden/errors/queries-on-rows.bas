' error: unsupported-keyword 4 8
' error: unsupported-keyword 5 9
' error: unsupported-keyword 10 1
rows = SELECT * FROM data WHERE a = 1
rows2 = SELECT a, b
  FROM data
  JOIN other ON a = b
  WHERE x = 1
TALK rows
SELECT a FROM b
TALK "end"
