"""Cases: a child, an incident or a request that somebody follows from the first word to the end.

Reads the catalogue (case kinds, workflows, forms), people and residents. Gives records with their trail, and facts.
"""
