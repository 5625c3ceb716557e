"""Patterns: what all cases of a kind tell together, and nobody's case alone.

Reads cases, indicators and the rules of disclosure. Gives pages: counts over time with
limits, schools on a map, who waits longer, lessons.
"""
