"""What the office knows, each record with its source."""
