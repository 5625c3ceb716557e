"""What is known of each school beside its place in the tree, and the names it goes by.

Reads orgs. Gives school profiles and the matching of names and codes as files write them.
"""
