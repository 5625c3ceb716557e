"""Functions without models: periods, identifiers, Thai text, expressions, secrets, tables."""
