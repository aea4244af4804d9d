grades = [{ subject: "Maths", value: 7.5 }, { subject: "Music", value: 9 }, { subject: "Sports", value: 4 }]
best = NULL
failed = []
FOR EACH grade IN grades DO
  IF best IS NULL OR grade.value > best.value THEN best = grade
  IF grade.value < 5 THEN PUSH failed, grade.subject
END FOR
TALK "Best: " + best.subject + ", mean " + FORMAT(AVG(grades, "value"), "#0.0")
' expect: Best: Music, mean 6.8
SWITCH UBOUND(failed)
  CASE 0
    TALK "All passed"
  CASE 1, 2
    TALK "To repeat: " + JOIN(failed, ", ")
  DEFAULT
    TALK "Repeat the year"
END SWITCH
' expect: To repeat: Sports
