"""The civil-registration list: the children who live in the area, whatever school they are in.

Reads people. Gives the count of compulsory-age children, and those found on no roll, to the facts.
"""
