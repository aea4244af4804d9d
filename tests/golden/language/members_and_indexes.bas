customer.name = "John"
customer.address = { "Town": "Lima" }
customer.address.street = "First"
customer.tags = []
customer.tags[UBOUND(customer.tags)] = "new"
customer.tags[2] = "third"
customer["Age"] = 41
customer.age += 1
TALK customer.name + " " + customer.ADDRESS.town + " " + customer.address?.street
TALK customer.tags
TALK customer.age
TALK customer.missing.deep ?? "none"
results = [{ "title": "one" }]
TALK results(0).title
DIM grid(3)
grid(1) = 7
grid[2] += 5
TALK grid
DIM label AS STRING
label = label + "x"
TALK label
n.list = [1]
n.list[0] *= 10
TALK n
' expect: John Lima First
' expect: ["new",null,"third"]
' expect: 42
' expect: none
' expect: one
' expect: [null,7,5]
' expect: x
' expect: {"list":[10]}
