"""Pages of the desk: HTTP only."""
