answer = None
found = True and not False
text = """a long
text"""
message = "Hello {}".format(text)
size = len(message)
first = message[0:5]
TALK message.upper() + first + size
