' warning: not-available 12 12
' warning: not-available 19 1
' warning: not-available 20 1
' warning: not-available 21 1
' warning: not-available 22 1
PARAM employee_id AS INTEGER LIKE 42 DESCRIPTION "The employee"
PARAM start_date AS DATE LIKE "2026-07-01" DESCRIPTION "First day"
PARAM end_date AS DATE LIKE "2026-07-15" DESCRIPTION "Last day"
PARAM notes AS "free text" OPTIONAL
DESCRIPTION "Asks for a vacation"
days_wanted = DATEDIFF(start_date, end_date, "day") + 1
employee = FIND_ONE "employees", "id", employee_id
IF NOT employee THEN
  RETURN WITH success AS FALSE, message AS "There is no such employee"
ELSEIF days_wanted > employee.vacation_left THEN
  TALK "You have only " + employee.vacation_left + " days left."
  RETURN WITH success AS FALSE, message AS "too many days"
END IF
UPDATE "employees", employee_id, "vacation_left", employee.vacation_left - days_wanted
SAVE "vacations", employee_id, start_date, end_date, days_wanted, notes
SEND TEMPLATE employee.email, "vacation", { "name": employee.name, "days": days_wanted }
SEND_SMS employee.phone, "Vacation noted"
RETURN WITH success AS TRUE, days AS days_wanted
