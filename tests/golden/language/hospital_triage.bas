start:
TALK "What hurts?"
' expect: What hurts?
HEAR what AS "Head", "Heart", *
' expect options: Head | Heart
' hear: knee
SELECT CASE LCASE(what)
  CASE "heart", "chest"
    room = "emergency"
  CASE "head"
    room = 3
  CASE ELSE
    room = 5
END SELECT
HEAR since AS INTEGER WITH "Since how many days?" DEFAULT 0
' expect: Since how many days?
' hear: 2
GOSUB announce
IF since > 7 THEN GOTO start
END
announce:
TALK "Please go to room ${room}."
RETURN
' expect: Please go to room 5.
