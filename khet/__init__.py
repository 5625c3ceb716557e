"""Khet: an education service area office's plan as a running system."""
