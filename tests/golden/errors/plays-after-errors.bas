' error: unsupported-keyword 3 1
' error: unsupported-keyword 4 1
PLAY "x"
ON FORM SUBMIT "f"
  TALK ((("
  FOR NEXT WHILE
END ON
TALK "fine"
FUNCTION double(x)
  RETURN x * 2
END FUNCTION
TALK double(2)
