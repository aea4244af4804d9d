' warning: not-available 2 11
answers = FIND "survey" WHERE year = 2026
groups = GROUP BY answers, "score"
mean = AGGREGATE "AVG", answers, "score"
top = FIRST(SORT(answers, "score", "desc"), 3)
text = "Mean " & FORMAT(mean, "#.##") & "\n"
FOR EACH row IN top
  text += row.name
NEXT
TALK text
