' A help desk: menus, typed questions, a loop, procedures and a sibling script.

tickets = []
TALK "Welcome to the help desk."
HEAR customer AS NAME WITH "Who am I talking to?"

DO
    HEAR topic AS "Billing", "A broken product", "Something else", "That is all" WITH "What is it about, ${customer}?"
    IF topic = "That is all" THEN BREAK

    SWITCH topic
        CASE "Billing"
            ticket = AskAboutBilling()
        CASE "A broken product"
            CALL "repair.bas"
            ticket = repair_ticket
        DEFAULT
            HEAR details WITH "Tell me in your own words."
            ticket = { "topic": "other", "details": details }
    END SWITCH

    PUSH tickets, ticket
    TALK "Noted. That is ticket ${UBOUND(tickets)}."
    HEAR more AS BOOLEAN WITH "Is there anything else?" DEFAULT FALSE
LOOP WHILE more

IF UBOUND(tickets) = 0 THEN
    TALK "Nothing to do, then. Have a good day, ${customer}."
    EXIT
END IF

HEAR email AS EMAIL WITH "Where may we write to you?"
TALK "Thank you, ${customer}. Here is what I have written down:"
number = 0
FOR EACH ticket IN tickets
    number = number + 1
    TALK "${number}. " + Summary(ticket)
NEXT ticket
TALK "We will answer to ${email} within a day."

FUNCTION AskAboutBilling()
    HEAR amount AS MONEY WITH "Which amount is on the invoice?"
    HEAR issued AS DATE WITH "When was it issued?"
    RETURN { "topic": "billing", "details": "invoice over " + FORMAT(amount, "#,##0.00") + " of " + issued }
END FUNCTION

FUNCTION Summary(ticket)
    RETURN UCASE(LEFT(ticket.topic, 1)) + MID(ticket.topic, 2) + ": " + ticket.details
END FUNCTION
