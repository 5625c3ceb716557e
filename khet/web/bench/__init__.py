"""The budgets, measured on this machine."""
