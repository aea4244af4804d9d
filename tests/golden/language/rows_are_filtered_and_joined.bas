' A store's orders, worked on in memory.
orders = [
  { id: 1, customer: 7, total: 30, state: "open", city: "Lisbon" },
  { id: 2, customer: 8, total: 5, state: "paid", city: "Porto" },
  { id: 3, customer: 7, total: 12.5, state: "open", city: "Lisbon" }
]
customers = [{ customer: 7, name: "Ana" }, { customer: 8, name: "Rui" }]
least = 10
open = FILTER(orders, "state = 'open' AND total > 10")
TALK UBOUND(open)
' expect: 2
large = FILTER orders WHERE total > least AND city LIKE "lis%"
TALK JOIN(MAP(large, "id"), "|")
' expect: {"id":1}|{"id":3}
TALK UBOUND(FILTER orders, "city=Porto")
' expect: 1
TALK UBOUND(FILTER orders WHERE NOT (state = "paid") OR id IN (2, 9))
' expect: 3
TALK UBOUND(FILTER(orders, state = "paid"))
' expect: 1
TALK AGGREGATE "SUM", orders, "total"
' expect: 47.5
TALK AGGREGATE orders AVG total
' expect: 15.833333333333334
TALK AGGREGATE("MAX", orders, "total") + " " + AGGREGATE "COUNT", orders
' expect: 30 3
both = JOIN orders, customers, "customer"
FOR EACH row IN both
  names = NVL(names, "") + row.name
NEXT
TALK names
' expect: AnaRuiAna
groups = GROUP BY orders, "city"
FOR EACH group IN groups
  TALK group.city + ": " + UBOUND(group)
NEXT
' expect: Lisbon: 2
' expect: Porto: 1
sorted = SORT orders BY total DESC
TALK sorted[0].total + " " + sorted[2].total
' expect: 30 5
cheap = SORT(orders, "total")
TALK cheap[0].id
' expect: 2
TALK MAP(customers, "name->nome, customer")[1].nome
' expect: Rui
TALK CSV(customers)
' expect: customer,name\n7,Ana\n8,Rui\n
