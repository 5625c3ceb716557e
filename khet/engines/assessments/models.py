"""Rounds, what is judged in them, ratings, evidence and improvements."""
