"""The page of a class, for who looks after it ten minutes a day: roll, screening, visits, open cases.

Reads the registers and the cases; calls the roll and takes steps of cases through their services.
"""
