class Order:
    def __init__(self, total):
        self.total = total

order = Order(5)
del order
assert order is None
