```basic
' A friendly greeter
TALK "Hello!"
HEAR name
TALK "Hello, ${name}"
```
