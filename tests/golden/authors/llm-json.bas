order = {
    "id": 7,
    "items": ["tea", "milk"
}
TALK order["id"]
TALK order->id
TALK order.items[0
