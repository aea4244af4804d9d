client = "Ana"
letter = "Dear ${client},

the hearing is on ${FORMAT("2026-05-04", "dd/MM/yyyy")}.

Kind regards"
TALK letter
' expect: Dear Ana,\n\nthe hearing is on 04/05/2026.\n\nKind regards
TALK "Fee: " + FORMAT 1234.5 AS "#,##0.00" + " EUR"
' expect: Fee: 1,234.50 EUR
TALK "PO-" + FORMAT "2026-05-04" AS "YYYYMMDD" + "-1"
' expect: PO-20260504-1
