' warning: unused-parameter 7 1
' warning: not-available 13 15
' warning: not-available 25 1
' warning: not-available 27 5
' warning: not-available 28 5
' warning: never-set 28 15
PARAM supplier AS STRING LIKE "Acme"   DESCRIPTION "The supplier's name"
PARAM lines AS ARRAY LIKE [{ "sku": "A1", "qty": 2 }] DESCRIPTION "What to order" REQUIRED
DESCRIPTION "Creates a purchase order and asks for approval"
po_number = "PO-" + FORMAT NOW() AS "YYYYMMDD" + "-" + FORMAT RANDOM(1, 9999) AS "0000"
total = 0
FOR EACH line IN lines
    product = FIND "products", "sku=" + line.sku
    IF product = NULL THEN
        TALK "I do not know " + line.sku + "."
    ELSE
        total = total + product.price * line.qty
    END IF
NEXT
order = NEW OBJECT
order.number = po_number
order.total = total
order.lines = lines
order["created_by"] = user.id OR "bot"
SAVE "purchase_orders", po_number, order
IF total > 10000 THEN
    CREATE_TASK "Approve " + po_number, "high", "manager"
    SEND MAIL manager_email, "Approval needed", "Order ${po_number} over ${FORMAT(total, "#,##0.00")} waits."
END IF
RETURN po_number
