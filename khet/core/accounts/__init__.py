"""Who works here: users, roles as data, and what a role opens where.

Reads orgs and the role catalogue. Gives `can`, `why`, the view decorators `requires` and `reads`.
"""
