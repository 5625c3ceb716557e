"""Rounds of judging something against an official framework: ratings, evidence, results, improvements.

Reads frameworks of the catalogue, orgs and persons. Gives locked results to the facts.
"""
