"""Files in: recognise, read, check, preview the difference, commit in one transaction, undo.

Reads the source catalogue and the registers below. Gives the register rows their batch, file, sheet and line.
"""
