import random
from datetime import date
n = random.randint(1, 6)
print(n)
