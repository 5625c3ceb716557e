"""Reading accounts."""

from khet.core.accounts.models import User


def nobody_works_here() -> bool:
    """True for an installation in which no person has an account yet."""
    return not User.objects.filter(is_system=False).exists()
