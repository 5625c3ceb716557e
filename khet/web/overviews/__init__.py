"""Overviews of cases: a list with its sums by round, and which groups of pupils are reached.

Reads the cases and the registers. Writes nothing.
"""
