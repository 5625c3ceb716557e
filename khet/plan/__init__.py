"""The office's plan: documents read, editions adopted, indicators bound to the catalogue, what is done about them.

Reads orgs, the catalogue and indicator values. Gives the plan in force with the state of every indicator.
"""
