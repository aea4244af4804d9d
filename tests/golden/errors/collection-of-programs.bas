' error: not-a-script 1 1
DESCRIPTION "Returns the weather"
PARAM city AS STRING
url = "https://api.example.com?q=" + city
RETURN GET url

DESCRIPTION "Returns the time"
PARAM zone AS STRING
RETURN NOW()
