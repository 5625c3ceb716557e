"""What a pupil's year is made of: absences and results.

Reads people. Gives absence and result counts to the facts.
"""
