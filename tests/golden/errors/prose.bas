' error: not-a-script 1 1
Welcome to our support handbook.

This page explains how to answer questions about orders,
returns and invoices in a friendly way.
If you are not sure, ask a colleague before you answer.
