function greet(name) {
    return "Hello " + name;
}
TALK greet("Ana")
items.forEach(item => TALK item)
for (let i = 0; i < 3; i++) {
    TALK i
}
