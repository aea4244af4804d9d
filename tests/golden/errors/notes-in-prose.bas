' error: not-a-script 1 1
Please remember to call the customer back before Friday.
The order was sent on Monday and should arrive soon.
If nothing arrives then write to the support team again
Report the loss to the insurance company within a week.
