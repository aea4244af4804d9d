' A turn as a dialogue has it: some thirty statements between two questions.
total = 0
DO
    HEAR answer
    total = total + 1
    kind = "other"
    text = LCASE(TRIM(answer))
    IF text = "1" THEN
        kind = "order"
    ELSE IF text = "2" THEN
        kind = "invoice"
    ELSE IF text = "3" THEN
        kind = "help"
    END IF
    size = LEN(text)
    first = LEFT(text, 1)
    place = INSTR(text, "a")
    number = VAL(text)
    price = number * 3 + 7
    IF price > 10 THEN price = price - 1
    SELECT CASE kind
        CASE "order"
            line = "Order " + total
        CASE "invoice"
            line = "Invoice " + total
        CASE ELSE
            line = "Note " + total
    END SELECT
    line = line + ": " + UCASE(first) + MID(text, 2)
    line = line + " (" + size + ", " + place + ")"
    IF total MOD 2 = 0 THEN
        line = line + " even"
    ELSE
        line = line + " odd"
    END IF
    TALK line + " costs " + price
LOOP
