const name = await hear("What is your name?");
let age = 5;
if (name === "Ana" && age !== 6) {
    console.log("hi");
} else {
    TALK `Hello ${name}`;
}
