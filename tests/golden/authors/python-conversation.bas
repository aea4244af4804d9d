name = input("What is your name? ")
print(f"Hello {name}")
if name == "Ana":
    print("Welcome back")
elif name == "Rui":
    print("You again")
else:
    print("Nice to meet you")
