"""What a pupil's year is made of: absences and results.

Reads people, and of the figures the school days. Gives absence and result counts to the facts.
"""
