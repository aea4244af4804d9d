"""The language: text -> Program -> effects.

Rule of this folder: pure. No I/O, no clock, no randomness of its own; time, seed and settings are arguments.
It imports nothing of the other folders.
"""
