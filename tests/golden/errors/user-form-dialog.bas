' warning: not-available 21 1
' warning: not-available 22 1
' warning: not-available 23 1
start:
TALK "What is your name?"
HEAR name AS NAME
HEAR email AS EMAIL WITH "Your e-mail?" DEFAULT ""
HEAR age AS INTEGER
SET name, name
SET role = "guest"
SET SESSION "plan", "free"
SET "session.city", "Lisbon"
p = GET SESSION "plan"
q = GET "session.city"
r = GET role
GET name
IF age < 18 THEN
  TALK "Sorry"
  GOTO start
END IF
TALK TO "whatsapp:+15550100", "A new guest: " + name
SEND TO "web:1", p + q + r
BROADCAST "hello" TO customers
