' A help desk: menus, typed questions, a loop, procedures and a sibling script.

tickets = []
TALK "Welcome to the help desk. A few questions, and somebody who knows will write to you."
HEAR customer AS NAME WITH "Who am I talking to?"

DO
    question = IIF(UBOUND(tickets) = 0, "What is it about, ${customer}?", "Is there anything else?")
    HEAR topic AS "Billing", "A broken product", "Something else", "That is all" WITH question
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
    TALK "Noted as number ${UBOUND(tickets)}."
LOOP

IF UBOUND(tickets) = 0 THEN
    TALK "Nothing to do, then. Have a good day, ${customer}."
    EXIT
END IF

HEAR email AS EMAIL WITH "Where may we write to you?"
summary = "Thank you, ${customer}. This is what I have written down:" + CHR(10)
number = 0
FOR EACH ticket IN tickets
    number = number + 1
    summary = summary + CHR(10) + number + ". " + Summary(ticket)
NEXT ticket
TALK summary
TALK "You will have an answer at ${email} within a day."

FUNCTION AskAboutBilling()
    HEAR amount AS MONEY WITH "Which amount is on the invoice?"
    HEAR issued AS DATE WITH "When was it issued?"
    RETURN { "topic": "billing", "details": "invoice over " + FORMAT(amount, "#,##0.00") + " of " + issued }
END FUNCTION

FUNCTION Summary(ticket)
    RETURN "**" + UCASE(LEFT(ticket.topic, 1)) + MID(ticket.topic, 2) + "**: " + ticket.details
END FUNCTION
