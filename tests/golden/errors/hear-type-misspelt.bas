' error: unknown-hear-type 3 13
' error: unknown-hear-type 4 14
HEAR age AS INTEGR
HEAR mail AS EMIAL
TALK age + mail
