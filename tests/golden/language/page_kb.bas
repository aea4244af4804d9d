' Session A
USE KB "policies"
' Only this session sees policies

' Session B (different user)
USE KB "products"  
' This session only sees products

' Each session has isolated context
USE KB "docs"
' Only affects current session
TALK "done"
IF NOT USE KB "absent" THEN TALK "no such collection"
' expect: done
' expect: no such collection
