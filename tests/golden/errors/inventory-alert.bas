' warning: not-available 5 1
' warning: not-available 6 13
' warning: not-available 13 5
' warning: never-set 13 16
SET SCHEDULE "*/15 * * * *"
let items = FIND "inventory.csv", "stock < minimum"
IF LEN(items) > 0 THEN
    let html = "<table>"
    FOR EACH item IN items
        html = html + "<tr><td>" + item.name + "</td><td>" + item.stock + "</td></tr>"
    NEXT item
    html = html + "</table>"
    SEND EMAIL admin1, "Low stock: " + UBOUND(items) + " items", html
END IF
