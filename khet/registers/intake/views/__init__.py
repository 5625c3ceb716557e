"""Pages of the intake: HTTP only."""
