ON ERROR RESUME NEXT
order_id = 7
BEGIN MAIL "ana@example.com"
Subject: Your order ${order_id}

Dear ${username},
your order is on its way.
END MAIL
TALK ERROR MESSAGE
' expect: SEND MAIL is not available in this bot
