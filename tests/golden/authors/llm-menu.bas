SHOW MENU "Book", "Cancel"
ADD BUTTON "Book"
HEAR choice AS CHOICE("Book", "Cancel")
ON choice GOTO book, cancel
SWITCH choice
    CASE "Book": TALK "Booked"
    CASE "Cancel": TALK "Cancelled"
END SWITCH
