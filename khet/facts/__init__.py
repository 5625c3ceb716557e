"""The long table of measured facts."""
