"""Surveys: forms as data, anonymous answers, several formulas side by side.

Reads orgs and the catalogue. Gives closed rounds to the facts.
"""
