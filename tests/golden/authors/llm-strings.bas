TALK "She said ""hello"" to me"
TALK "Hello, " + name + "!
TALK 'It's fine'
