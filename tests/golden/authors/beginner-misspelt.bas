TLAK "Hello"
HAER name
IFF name = "Ana" THEN
    TALK "Hello Ana"
ENDFI
CLAER SUGGESTIONS
