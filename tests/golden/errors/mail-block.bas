' warning: not-available 2 1
BEGIN MAIL "ana@example.com"
Subject: Your order ${order_id}

Dear ${username},

your order ${order_id} is on its way.
END MAIL
PARAM order_id AS INTEGER
