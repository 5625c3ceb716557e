"""Logbooks: what a school writes down of itself by a form, entry by entry: risks, drills, inspections.

Reads the catalogue (logbooks, forms). Gives entries with their history, what is due, and which schools write nothing.
"""
