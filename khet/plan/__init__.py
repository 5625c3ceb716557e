"""The office's plan: read, adopted, alive."""
