try:
    x = int("abc")
except ValueError as e:
    print(e)
finally:
    pass
raise ValueError("no")
