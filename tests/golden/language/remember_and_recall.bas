REMEMBER "colour", "green", "2 days"
REMEMBER "size" = 42
REMEMBER "gone", "x", "1 hour"
TALK RECALL "colour"
' expect: green
HEAR ok
' hear: yes
' pass: 90000
HEAR ok
' hear: yes
TALK RECALL("colour") + (RECALL "size") + NVL(RECALL "gone", " gone")
' expect: green42 gone
' pass: 90000
HEAR ok
' hear: yes
IF RECALL("colour") IS NULL THEN TALK "forgotten"
' expect: forgotten
SET USER MEMORY "tea", "oolong"
TALK RECALL "tea"
' expect: oolong
CLEAR USER MEMORY
TALK NVL(RECALL "size", "nothing") + NVL(RECALL "tea", " left")
' expect: nothing left
TRY
  REMEMBER "x", 1, "three apples"
CATCH e
  TALK e
END TRY
' expect: “three apples” is no length of time
