basket = []
total = 0
add_item("tea", 3.5, 2)
CALL add_item("cake", 4, 1)
SUB add_item(name, price, count)
  WITH line
    .name = name
    .sum = price * count
  END WITH
  PUSH basket, line
  total = total + line.sum
END SUB
FUNCTION shown(amount)
  RETURN FORMAT(amount, "$#,##0.00")
END FUNCTION
TALK UBOUND(basket) + " lines, " + shown(total)
' expect: 2 lines, $11.00
BEGIN TALK
**Your basket**

${basket[0].name}: ${shown(basket[0].sum)}
END TALK
' expect: **Your basket**\n\ntea: $7.00
