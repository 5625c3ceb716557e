"""A valid row of any model, made by looking at its fields."""

import itertools
import uuid
from datetime import date

from django.db import IntegrityError, models, transaction
from django.utils import timezone

_numbers = itertools.count(1)


def make_row(model, org, **given):
    """A saved row of the model: what is given, else something that fits each field that has no default."""
    values = dict(given)
    for field in model._meta.local_concrete_fields:
        if field.primary_key or field.name in values:
            continue
        value = _value(field, org)
        if value is not None:
            values[field.name] = value
    return model._base_manager.create(**values)


def _another(model, org):
    """A row for a foreign key: a new one, or the one there is where a constraint allows no second."""
    try:
        with transaction.atomic():
            return make_row(model, org)
    except IntegrityError:
        return model._base_manager.get()


def _value(field, org):
    from khet.core.orgs.models import Org
    from khet.kit.secrets import EncryptedJSONField, EncryptedTextField

    if isinstance(field, EncryptedJSONField):
        return {"secret": next(_numbers)}
    if isinstance(field, EncryptedTextField):
        return f"secret {next(_numbers)}"
    if field.has_default() or field.null:
        return None
    number = next(_numbers)
    match field:
        case models.ForeignKey() if field.related_model is Org:
            return org
        case models.ForeignKey():
            return _another(field.related_model, org)
        case models.CharField() if field.choices:
            return field.choices[0][0]
        case models.CharField() | models.TextField():
            return f"n{number}"[: field.max_length]
        case models.UUIDField():
            return uuid.uuid4()
        case models.DateTimeField():
            return timezone.now()
        case models.DateField():
            return date(2024, 6, 10)
        case models.BooleanField():
            return False
        case models.JSONField():
            return {}
    return number
