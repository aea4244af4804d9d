"""Sessions, turns, stores, inbox and outbox, limits, keywords of the host, hookspecs.

Rule of this folder: it knows no channel and no HTTP. It imports ``interpreter`` and nothing of ours besides.
"""
