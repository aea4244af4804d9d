' warning: not-available 2 1
BEGIN MAIL("ana@example.com")
Subject: Your order

It is on its way.
END MAIL
TALK "Sent."
