' error: unknown-name 4 1
' error: unknown-name 6 1
' error: unknown-name 7 1
INPUT "Name", n
print "ok"
var x = 5
echo "hi"
TALK n
