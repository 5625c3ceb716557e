"""What has changed since the facts were built, and where a record came from.

Reads nothing. Gives `touch` to the rooms that write, `Sourced` to their models, the list of changes to the facts.
"""
