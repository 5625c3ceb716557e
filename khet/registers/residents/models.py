"""Children of the civil-registration list."""

import uuid

from django.db import models

from khet.core.changes.models import Sourced
from khet.core.orgs.models import Org
from khet.core.orgs.scope import ScopedQuerySet
from khet.kit.secrets import EncryptedJSONField, EncryptedTextField
from khet.registers.people.models import Person


class ResidentQuerySet(ScopedQuerySet):
    permission = "people.list"


class Resident(Sourced):
    """A child registered in the area, as of the list's day."""

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    org = models.ForeignKey(Org, models.PROTECT, related_name="+", help_text="the office")
    list_date = models.DateField()
    prefix = models.CharField(max_length=40, blank=True, default="")
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100, blank=True, default="")
    name_key = models.CharField(max_length=200, db_index=True)
    sex = models.CharField(max_length=1, blank=True, default="")
    birth_date = models.DateField(null=True)
    status = models.CharField(max_length=20, default="living", help_text="code of resident_statuses")
    identifier = EncryptedTextField()
    identifier_hash = models.CharField(max_length=32, db_index=True, help_text="keyed_hash(value, people.PERSON_ID)")
    subdistrict = models.CharField(max_length=80, blank=True, default="")
    district = models.CharField(max_length=80, blank=True, default="")
    province = models.CharField(max_length=80, blank=True, default="")
    details = EncryptedJSONField(help_text="house, village number, parents' names")
    digest = models.CharField(max_length=32, blank=True, default="")

    objects = ResidentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org", "list_date", "identifier_hash"], name="a_child_stands_once_on_a_list"
            ),
        ]

    def __str__(self):
        return f"{self.prefix}{self.first_name} {self.last_name}".strip()

    @property
    def audit_label(self) -> str:
        return str(self.ref)


class KnownAs(models.Model):
    """A number on the registration lists that stands for a person whom the schools know under another one.

    Kept by the number, not by the row of one list: the lists to come bear the same numbers.
    """

    identifier_hash = models.CharField(max_length=32, db_index=True, help_text="as in Resident")
    person = models.ForeignKey(Person, models.CASCADE, related_name="registered_as")
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["identifier_hash"], name="a_registered_child_is_one_person"),
        ]
