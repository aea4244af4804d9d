' warning: not-available 19 9
' warning: not-available 22 3
' warning: not-available 24 1
' warning: not-available 25 1
' warning: not-available 27 1
' warning: not-available 28 1
' warning: not-available 29 1
SELECT CASE specialty
  CASE "heart", "cardiology"
    doctor = "Dr. Lima"
  CASE "eyes"
    doctor = "Dr. Costa"
  CASE ELSE
    doctor = "the general ward"
END SELECT
HEAR specialty AS "Heart", "Eyes", "Other", *
HEAR day AS DATE WITH "Which day?" DEFAULT TODAY()
HEAR hour AS HOUR
slots = FIND "slots", "doctor='" + doctor + "' AND day='" + day + "' AND free=true"
IF UBOUND(slots) = 0 THEN
  ASSERT doctor <> "", "a doctor must be known"
  TRANSFER TO HUMAN "reception", "high", { "day": day, "hour": hour }
END IF
BOOK "Appointment with " + doctor, day, hour
TRANSFER HUMAN
r = TRANSFER TO HUMAN
TAG CONVERSATION session_id, "appointment"
ADD NOTE session_id, "asked for " + doctor
SET PRIORITY session_id TO "high"
