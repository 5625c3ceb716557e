"""Pages that join rooms: the plan as home, an indicator and why it is so, schools, people, data quality, census.

Reads every room. Holds only what belongs to no single one: map layers, frozen census counts.
"""
