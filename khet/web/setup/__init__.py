"""The first run: from an empty home to a live plan, step by step, without a manual.

Reads the state of orgs, accounts, plan and loads; keeps none of its own, so it can be left and taken up anywhere.
"""
