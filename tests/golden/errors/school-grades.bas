' warning: not-available 3 1
' warning: not-available 17 11
TABLE students
  id number key
  name string(100)
  birth_date date
  class_id number references classes
END TABLE
TABLE grades ON maindb
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    student_id INTEGER NOT NULL,
    value DECIMAL(5,2) DEFAULT 0,
    status VARCHAR(20) DEFAULT 'open',
    FOREIGN KEY (student_id) REFERENCES students(id)
END TABLE
HEAR student_name AS NAME
student = FIND students WHERE name LIKE "%" + student_name + "%"
IF student = NULL THEN
  TALK "I know no such student."
ELSE
  grades = FIND grades WHERE student_id = student.id AND status IN ("open", "final")
  FOR EACH grade IN grades DO
    TALK grade.subject + ": " + FORMAT(grade.value, "#0.0")
  END FOR
  TALK "Mean: " + ROUND(AVG(grades, "value"), 1)
END IF
