products = [{ id: 1, name: "tea" }, { id: 2, name: "coffee", tags: ["hot"] }]
BEGIN TALK
${TOYAML(products)}
END TALK
' expect: - id: 1\n  name: tea\n- id: 2\n  name: coffee\n  tags:\n  - hot
back = JSON PARSE "[1, {\"a\": null}]"
TALK back[0] + UBOUND(back)
' expect: 3
code = GENERATE CODE 8
TALK LEN(code) + " " + IS_NUMERIC(code)
' expect: 8 true
TALK FORMAT products[0] AS JSON
' expect: {"id":1,"name":"tea"}
