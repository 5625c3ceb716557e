"""The matching of two lists of persons: files in, pairs with probability and reasons out.

Knows neither Django nor the registers; DuckDB holds the rows, numpy the few numbers that are learned from them.
"""
