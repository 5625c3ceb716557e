"""Indicators computed from facts, and why they are what they are.

Reads facts, the tree of orgs and, to name files, the loads. Gives values by org, period and breakdown, trends with
limits, rankings, explanations and the work-lists behind red numbers. Targets come from the plan above, which registers
itself (`judging`).
"""
