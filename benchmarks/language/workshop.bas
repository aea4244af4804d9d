' A bicycle workshop: the script of two hundred lines whose compiling and loading is measured.
DESCRIPTION "Takes a bicycle in for repair, quotes a price and keeps the customer informed"

hourly = 48
minimum = 15
opening = 9
closing = 18
parts = [
  { "name": "tyre", "price": 24.5, "minutes": 20 },
  { "name": "chain", "price": 31.9, "minutes": 25 },
  { "name": "brake pads", "price": 12.4, "minutes": 30 },
  { "name": "light", "price": 19.9, "minutes": 15 }
]

FUNCTION price_of(minutes, material)
  work = hourly * minutes / 60
  IF work < minimum THEN
    work = minimum
  END IF
  RETURN ROUND(work + material, 2)
END FUNCTION

FUNCTION shown(amount)
  RETURN FORMAT(amount, "#,##0.00") + " EUR"
END FUNCTION

FUNCTION find_part(wanted)
  FOR EACH part IN parts
    IF LCASE(part.name) = LCASE(TRIM(wanted)) THEN
      RETURN part
    END IF
  NEXT
  RETURN NULL
END FUNCTION

FUNCTION initials(full)
  result = ""
  FOR EACH word IN SPLIT(full, " ")
    IF LEN(word) > 0 THEN
      result = result + UCASE(LEFT(word, 1))
    END IF
  NEXT
  RETURN result
END FUNCTION

SUB apologise(reason)
  TALK "I am sorry: " + reason + "."
  TALK "Would you like me to ask a colleague?"
  HEAR wish AS BOOLEAN
  IF wish THEN
    TALK "Somebody will call you."
  ELSE
    TALK "All right."
  END IF
END SUB

TALK "Welcome to the workshop!"
TALK "What is your name?"
HEAR customer AS NAME
code = initials(customer) + "-" + STR(LEN(customer))
TALK "Hello ${customer}, your reference is ${code}."

orders = []
total = 0
minutes = 0
again = TRUE

WHILE again
  TALK "What can we do for you?"
  HEAR task AS "Repair", "Inspection", "Collect a bicycle"
  SELECT CASE task
    CASE "Repair"
      TALK "Which part is broken? We have a tyre, a chain, brake pads and a light."
      HEAR wanted
      part = find_part(wanted)
      IF part IS NULL THEN
        TALK "We have no " + wanted + " here."
        tries = 0
        DO WHILE part IS NULL AND tries < 2
          tries = tries + 1
          TALK "Try another word, please (" + tries + " of 2)."
          HEAR wanted
          part = find_part(wanted)
        LOOP
      END IF
      IF part IS NULL THEN
        apologise("we do not know that part")
      ELSE
        TALK "How many?"
        HEAR count AS INTEGER
        IF count < 1 THEN
          count = 1
        ELSE IF count > 10 THEN
          TALK "We take ten at most."
          count = 10
        END IF
        material = part.price * count
        needed = part.minutes * count
        amount = price_of(needed, material)
        PUSH orders, { "what": part.name, "count": count, "amount": amount }
        total = total + amount
        minutes = minutes + needed
        TALK count + " x " + part.name + ": " + shown(amount)
      END IF
    CASE "Inspection"
      TALK "How old is the bicycle, in years?"
      HEAR age AS INTEGER
      IF age > 20 THEN
        needed = 90
      ELSE IF age > 5 THEN
        needed = 60
      ELSE
        needed = 40
      END IF
      amount = price_of(needed, 0)
      PUSH orders, { "what": "inspection", "count": 1, "amount": amount }
      total = total + amount
      minutes = minutes + needed
      TALK "An inspection takes ${needed} minutes and costs " + shown(amount) + "."
    CASE ELSE
      TALK "What is your ticket?"
      HEAR ticket
      IF INSTR(ticket, "-") > 0 AND LEN(ticket) <= 12 THEN
        owner = LEFT(ticket, INSTR(ticket, "-") - 1)
        TALK "The bicycle of " + owner + " is ready. We are open from " + opening + " to " + closing + "."
      ELSE
        apologise("that is not one of our tickets")
      END IF
  END SELECT
  TALK "Anything else?"
  HEAR again AS BOOLEAN
WEND

IF LEN(orders) = 0 THEN
  TALK "Then have a good day, ${customer}!"
  END
END IF

TALK "You have ordered:"
number = 0
FOR EACH order IN orders
  number = number + 1
  line = number + ". " + order.what
  IF order.count > 1 THEN
    line = line + " (" + order.count + " times)"
  END IF
  TALK line + ", " + shown(order.amount)
NEXT

discount = 0
IF total > 200 THEN
  discount = ROUND(total * 0.1, 2)
ELSE IF total > 100 THEN
  discount = ROUND(total * 0.05, 2)
END IF
IF discount > 0 THEN
  total = total - discount
  TALK "We take off " + shown(discount) + "."
END IF

hours = INT(minutes / 60)
rest = minutes MOD 60
duration = ""
IF hours > 0 THEN
  duration = hours + " h "
END IF
duration = TRIM(duration + rest + " min")
TALK "All together " + shown(total) + ", " + duration + " of work."

TALK "When will you bring it?"
HEAR day AS DATE
TALK "And where can we reach you?"
HEAR contact AS EMAIL
TRY
  IF DATEDIFF("day", TODAY(), day) < 0 THEN
    THROW "the day is over already"
  END IF
  summary = code + "|" + day + "|" + contact + "|" + total
  TALK "We expect you on ${day}."
CATCH problem
  apologise(problem)
  summary = code + "|?|" + contact + "|" + total
END TRY

stars = ""
FOR i = 1 TO 5
  IF i <= number THEN
    stars = stars + "*"
  ELSE
    stars = stars + "-"
  END IF
NEXT
TALK "How did we do? So far: " + stars
HEAR grade AS "Well", "So so", "Badly"
IF grade = "Badly" THEN
  apologise("that must not happen")
END IF
last_visit = TODAY()
visits = visits + 1
TALK "Thank you, ${customer}. Your note: " + summary
