name = "Ana"
items = [{title: "Tea", prices: [3, 4.5]}, {title: "Cake"}]
k = 1
amount = "7"
TALK "Hello ${name}, ${1 + 2 * 3}!"
TALK "${items[k].title} ${items[0].prices[1]} ${items[9].title}|${missing}|${NULL}"
TALK "${UCASE(name)} ${FORMAT(1234.5, "#,##0.00")} ${name & "}"}"
TALK "${JSON(items[1])} ${items.length} ${TRUE}"
TALK '${name} too'
TALK "costs $5, $name, {name}, {{name}}, #{name}, $"
TALK "\${name} and ${{amount}}"
TALK "${name}${name}"
TALK "nested ${"in ${name}"}"
BEGIN TALK
Dear ${name},

${IIF(k = 1, "one", "many")} item: \${name}
END TALK
' expect: Hello Ana, 7!
' expect: Cake 4.5 ||
' expect: ANA 1,234.50 Ana}
' expect: {"title":"Cake"} 2 true
' expect: Ana too
' expect: costs $5, $name, {name}, {{name}}, #{name}, $
' expect: ${name} and ${{amount}}
' expect: AnaAna
' expect: nested in Ana
' expect: Dear Ana,\n\none item: ${name}
