"""Who may be about to leave school: plain rules with reasons, and a model where it has been shown to do better.

Reads people and progress; gives scores with their reasons, and `khet warn evaluate` for any table.
"""
