picture = IMAGE "a school"
SEND FILE picture
