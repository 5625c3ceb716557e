"""Indicators computed from facts, and why."""
