"""Who did what, when and why: every write, and every opening of a person's record.

Reads nothing. Gives `record` to all rooms and the pages that read the trail.
"""
