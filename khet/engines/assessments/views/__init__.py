"""Pages of the assessments: HTTP only; rules live in services and queries."""
