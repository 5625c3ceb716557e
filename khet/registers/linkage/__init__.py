"""The matching of persons across lists: who of the civil registration is on no roll, who stands twice.

Reads people and residents. Gives pairs with probability and reasons, the queue of pairs to be judged, and what was
decided.
"""
