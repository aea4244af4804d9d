TALK "Hello! How can I help?"
answer = HEAR
TALK "I understand you need help with: " + answer
' expect: Hello! How can I help?
' expect waiting: answer text
' hear: my order
' expect: I understand you need help with: my order
