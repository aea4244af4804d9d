' warning: unused-parameter 3 1
' warning: never-set 4 9
PARAM unused AS STRING
total = totla + 1
TALK total
TALK session_id + username
