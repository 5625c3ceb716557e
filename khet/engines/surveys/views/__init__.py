"""Pages of the surveys: `answering` is public, the others are the office's."""
