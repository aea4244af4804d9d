' Words of a statement may be joined by _, and some that people join or part in other BASICs.
ON_ERROR_RESUME_NEXT
x = 1 / 0
TALK ERROR_MESSAGE
' expect: Division by zero
ON_ERROR GOTO 0
o = NEW_OBJECT
o.list = NEW_ARRAY()
p = CREATE_OBJECT
p.a = .5 + 1.5
TALK JSON(o) + JSON(p)
' expect: {"list":[]}{"a":2}
SET_SESSION "plan", "gold"
TALK "The plan is " + GET_SESSION "plan"
' expect: The plan is gold
GO SUB told
FOR_EACH n IN [1, 2]
  IF n = 1 THEN
    TALK "one"
  ELSE_IF n = 2 THEN
    TALK "two"
  END_IF
END_FOR
' expect: told
' expect: one
' expect: two
GO TO end_of_it
TALK "never"
told:
TALK "told"
RETURN
end_of_it:
BEGIN_TALK
In all ${p.a}
END_TALK
' expect: In all 2
BEGIN_SYSTEM_PROMPT
Be brief.
END_SYSTEM_PROMPT
RETURN WITH
  plan AS "gold",
  count AS 2
' expect result: {"plan": "gold", "count": 2}
