"""The first run: office, administrator, plan, files."""
