' What is missing on the way to a member that is set is made.
o = {}
o.a.b = 1
o.list[0] = "x"
o.list[1] = "y"
o.by["k"].n += 2
o.by["k"].n += 3
TALK o
' expect: {"a":{"b":1},"list":["x","y"],"by":{"k":{"n":5}}}
scores[0] = 5
scores[1] = 6
TALK UBOUND(scores) + " " + TYPEOF(scores)
' expect: 2 array
totals["tea"] += 2
totals["tea"] += 3
TALK totals
' expect: {"tea":5}
people[1001] = "Ana"
TALK TYPEOF(people) + " " + people[1001]
' expect: object Ana
FOR i = 1 TO 3
  FOR j = 1 TO 2
    table[i][j] = i * j
  NEXT
NEXT
TALK table
' expect: [null,[null,1,2],[null,2,4],[null,3,6]]
new_customer.address.city = "Lisbon"
HEAR new_customer.address.street
' hear: Rua A
TALK new_customer
' expect: {"address":{"city":"Lisbon","street":"Rua A"}}
n = 5
TRY
  n.a = 1
CATCH e
  TALK e
END TRY
' expect: Cannot set “a” of an integer
calls = 0
FUNCTION Place()
  calls = calls + 1
  RETURN "p" + calls
END FUNCTION
z[Place()].x.y = Place()
TALK z
' expect: {"p2":{"x":{"y":"p1"}}}
