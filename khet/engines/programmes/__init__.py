"""Programmes: who takes part and how far they have come, sessions, outputs under review, costs.

Reads definitions of the catalogue, orgs and people. Gives counts to measures through `facts.py`.
"""
