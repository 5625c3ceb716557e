"""Second factors as stored by allauth: their renewal with the keys, and their place in the trail."""

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.db import transaction

from khet.core.audit.services import record


def rotate() -> int:
    """Encrypt every secret of every factor with the newest key; returns how many factors were rewritten."""
    done = 0
    for pk in Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).values_list("pk", flat=True):
        with transaction.atomic():
            one = Authenticator.objects.select_for_update().get(pk=pk)
            one.data = {key: _renewed(key, value) for key, value in one.data.items()}
            one.save(update_fields=["data"])
        done += 1
    return done


def _renewed(key: str, value):
    """Apps keep a secret, recovery codes a seed (or the codes themselves); the rest is no secret."""
    adapter = get_adapter()
    if key in ("secret", "seed"):
        return adapter.encrypt(adapter.decrypt(value))
    if key == "migrated_codes":
        return [adapter.encrypt(adapter.decrypt(code)) for code in value]
    return value


def note_added(sender, user, authenticator, **kwargs):
    record("user.second_factor_added", user, by=user, org=user.org, after={"type": authenticator.type})


def note_removed(sender, user, authenticator, **kwargs):
    record("user.second_factor_removed", user, by=user, org=user.org, before={"type": authenticator.type})
