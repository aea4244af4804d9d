' warning: condition-in-variable 9 18
' warning: condition-in-variable 10 18
' warning: not-available 11 1
' warning: condition-in-variable 11 18
rows = [{ name: "Ana" }]
HEAR who
condition = "name='" + who + "'"
fixed = "name=Ana"
a = FILTER(rows, condition)
b = FILTER rows, condition
DELETE "people", condition
TALK a + b + FILTER(rows, fixed) + FILTER(rows, "name=" + who)
