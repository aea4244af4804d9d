for i in range(3):
    TALK i
while True:
    break
items = [x * 2 for x in range(3)]
for index, item in enumerate(items):
    TALK item
