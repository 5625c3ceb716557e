"""Writing from the desk: opening a person's record, freezing a census count, bringing a map."""
