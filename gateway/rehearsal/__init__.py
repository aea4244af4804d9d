"""``trunkline test``: conversations that are written down, held again with the real engine.

dialogue    what is said and heard, read from a transcript or from a script's comments
stage       the engine with a bot, a simulated clock and results for outside keywords
play        one dialogue held: where it went another way
coverage    which lines of the scripts ran
runner      the tests under some paths, and their report
"""
