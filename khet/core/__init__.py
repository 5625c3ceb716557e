"""What every room stands on: catalogue, orgs, accounts, audit, changes, look."""
