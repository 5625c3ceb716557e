"""The long table of measured facts: one Parquet file a feed and year, swapped in whole.

Reads the outlets of the registers (`registers/<room>/facts.py`) and the tree of orgs. Gives sums of measures by org,
period, grade, sex and group, along the organisation of that time, and the rules of disclosure.
"""
