' The first words of a school's bot, as packages of the original product write them.
ADD_TOOL "enroll.bas"
USE_KB "rules.gbkb"
CLEAR SUGGESTIONS
ADD SUGGESTION enroll AS "Enroll"
ADD SUGGESTION "Fees"
Set_Context "school" As "You are ${bot_title}."
TALK "Welcome to the school!"
HEAR topic
CALL "enroll.bas"
TALK "Bye, ${topic}."
