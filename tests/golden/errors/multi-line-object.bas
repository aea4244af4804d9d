' warning: not-available 11 5
payload = {
  "customer": { "name": username, "mail": user.email },
  "lines": [
    { "sku": "a", "qty": 1 },
    { "sku": "b", "qty": 2 },
  ],
  "total": 3 *
    4,
}
r = POST "https://api.example.com/orders", payload
status = IIF(r.status = 201, "created", "failed")
TALK status == "created" ? "Thank you" : "Sorry"
TALK r?.data?.id ?? "no id"
