"""One tree of orgs: ministry › office › cluster › school, with dated names and membership.

Reads nothing. Gives the tree, the words that scope every list, and the services that move, rename and close an org.
"""
