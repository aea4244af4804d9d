PARAM pupil AS STRING LIKE "Ana" DESCRIPTION "Name of the pupil" OPTIONAL
DESCRIPTION "Enrolls a pupil"
TALK "Who is to be enrolled?"
HEAR pupil AS NAME
SET BOT MEMORY "last_pupil", pupil
ON ERROR RESUME NEXT
SAVE "pupils", pupil
ON ERROR GOTO 0
RETURN pupil
