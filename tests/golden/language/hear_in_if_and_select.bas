HEAR kind AS "Order", "Complaint", "Other"
SELECT CASE kind
  CASE "Order"
    HEAR n AS INTEGER
    IF n > 10 THEN
      HEAR sure AS BOOLEAN
      IF sure THEN TALK "Big order of " + n ELSE TALK "Cancelled"
    ELSE
      TALK "Order of " + n
    END IF
  CASE "Complaint", "Other"
    text = HEAR
    TALK "Noted: " + text
  CASE ELSE
    TALK "never"
END SELECT
TALK "Bye"
' expect options: Order | Complaint | Other
' hear: 1
' hear: 12
' hear: yes
' expect: Big order of 12
' expect: Bye
' new run:
' hear: complaint
' hear: too slow
' expect: Noted: too slow
' expect: Bye
' new run:
' tap: 1
' hear: 3
' expect: Order of 3
' expect: Bye
