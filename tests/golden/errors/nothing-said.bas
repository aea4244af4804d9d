' warning: nothing-said 3 1
name = HEAR
PRINT "Hello", name
