HEAR choice AS Yes, No
HEAR size AS "small" OR "large"
HEAR pizza AS MENU Margherita, Funghi
MENU "a", "b"
TALK choice + size + pizza
