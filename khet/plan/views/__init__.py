"""Pages of the plan room: HTTP only."""
