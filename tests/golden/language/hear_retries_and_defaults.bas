HEAR age AS INTEGER
TALK "age “" + age + "”"
HEAR size AS INTEGER WITH "Size?" DEFAULT 7
TALK "size " + size
HEAR mail AS EMAIL DEFAULT "none"
TALK mail
' hear: a
' expect: Please enter a whole number, for example 42.
' hear: b
' expect: Please enter a whole number, for example 42.
' hear: c
' expect: age “”
' expect: Size?
' hear: 
' expect: size 7
' timeout:
' expect: none
