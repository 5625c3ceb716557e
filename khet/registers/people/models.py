"""Persons and what ties them to schools."""

import uuid

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from khet.core.changes.models import Sourced
from khet.core.orgs.models import Org
from khet.core.orgs.scope import ScopedQuerySet
from khet.kit.secrets import EncryptedJSONField, EncryptedTextField

PERSON_ID = "person-id"  # purpose under which identifiers are hashed, the same in every register


class Sex(models.TextChoices):
    MALE = "m", _("male")
    FEMALE = "f", _("female")


class PersonQuerySet(ScopedQuerySet):
    """A person is seen where they are now: at their org, and at any school that still has them on its roll."""

    permission = "people.list"

    def under(self, paths):
        if "/" in paths:
            return self.all()
        if not paths:
            return self.none()
        here, on_roll = Q(), Q()
        for path in paths:
            here |= Q(org__path__startswith=path)
            on_roll |= Q(school__path__startswith=path)
        open_enrolments = Enrolment.objects.filter(on_roll, person=OuterRef("pk"), left__isnull=True)
        return self.filter(here | Exists(open_enrolments))


class Person(Sourced):
    """A pupil, a teacher, or both over time. `ref` is what addresses and the trail show, never an identifier."""

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    prefix = models.CharField(max_length=40, blank=True, default="")
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100, blank=True, default="")
    name_key = models.CharField(max_length=200, db_index=True, help_text="kit.thai.name_key of both names")
    sex = models.CharField(max_length=1, choices=Sex, blank=True, default="")
    birth_date = models.DateField(null=True)
    nationality = models.CharField(max_length=40, blank=True, default="")
    deceased = models.DateField(null=True)
    org = models.ForeignKey(Org, models.PROTECT, null=True, related_name="+", help_text="where the person is now")
    sensitive = EncryptedJSONField(help_text="religion, ethnicity, blood group, health, disability, disadvantage …")

    objects = PersonQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["birth_date"])]

    def __str__(self):
        return f"{self.prefix}{self.first_name} {self.last_name}".strip()

    @property
    def audit_label(self) -> str:
        return str(self.ref)


class Identifier(Sourced):
    """A number a person is known by, for a time. Found by keyed hash, readable only by decryption."""

    class Kind(models.TextChoices):
        NATIONAL_ID = "national_id", _("13-digit ID")
        GCODE = "gcode", _("G-code")
        OTHER = "other", _("other number")

    person = models.ForeignKey(Person, models.CASCADE, related_name="identifiers")
    kind = models.CharField(max_length=12, choices=Kind)
    value = EncryptedTextField()
    value_hash = models.CharField(max_length=32, db_index=True, help_text="keyed_hash(value, PERSON_ID)")
    since = models.DateField(null=True)
    until = models.DateField(null=True, help_text="first day it no longer held; empty: still")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["value_hash"], condition=Q(until__isnull=True), name="an_identifier_names_one_person"
            ),
        ]


class Enrolment(Sourced):
    """A pupil on the roll of a school in an academic year, from a day to a day."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="enrolments")
    school = models.ForeignKey(Org, models.PROTECT, related_name="+")
    year = models.SmallIntegerField(help_text="academic year by its C.E. start")
    grade = models.CharField(max_length=8, help_text="code of the grades list: ป.1")
    room = models.CharField(max_length=10, blank=True, default="")
    student_number = models.CharField(max_length=20, blank=True, default="")
    entered = models.DateField(null=True, help_text="empty: from the start of the year")
    left = models.DateField(null=True, help_text="first day off the roll; empty: still on it")
    leave_reason = models.CharField(max_length=30, blank=True, default="", help_text="code of leave_reasons")
    hanging = models.BooleanField(default=False, help_text="stopped coming but cannot be struck off (3.1.8)")
    disabled = models.BooleanField(null=True)
    disadvantaged = models.BooleanField(null=True, help_text="whether; the kind is sensitive and stays with the person")
    weight = models.FloatField(null=True, help_text="kg")
    height = models.FloatField(null=True, help_text="cm")
    digest = models.CharField(
        max_length=32, blank=True, default="", help_text="of the file row, to see what is unchanged"
    )

    objects = type(
        "EnrolmentQuerySet", (ScopedQuerySet,), {"org_path": "school", "permission": "people.list"}
    ).as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "school", "year"], name="one_enrolment_a_school_and_year"),
        ]
        indexes = [models.Index(fields=["year", "school", "grade"])]


class Guardian(Sourced):
    """Father, mother or guardian of a pupil."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="guardians")
    role = models.CharField(max_length=10, help_text="father | mother | guardian")
    relation = models.CharField(max_length=40, blank=True, default="")
    details = EncryptedJSONField(help_text="prefix, names, occupation, income, phone, identifier")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "role"], name="one_guardian_a_role")]


class Address(Sourced):
    """Where a person lives; the house itself lies encrypted."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="addresses")
    kind = models.CharField(max_length=12, default="current", help_text="current | registered")
    subdistrict = models.CharField(max_length=80, blank=True, default="")
    district = models.CharField(max_length=80, blank=True, default="")
    province = models.CharField(max_length=80, blank=True, default="")
    details = EncryptedJSONField(help_text="house, village number, road, postcode, phone, house code")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="one_address_a_kind")]


class StaffPost(Sourced):
    """A person's post at a school or office in an academic year."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="posts")
    school = models.ForeignKey(Org, models.PROTECT, related_name="+")
    year = models.SmallIntegerField(help_text="academic year by its C.E. start")
    position = models.CharField(max_length=60, blank=True, default="")
    standing = models.CharField(max_length=40, blank=True, default="")
    staff_type = models.CharField(max_length=30, blank=True, default="", help_text="code of staff_types")
    post_number = models.CharField(max_length=20, blank=True, default="")
    major = models.CharField(max_length=80, blank=True, default="")
    appointed = models.DateField(null=True)
    licence_expires = models.DateField(null=True)
    pa_passed = models.BooleanField(null=True, help_text="performance agreement of the fiscal year")
    until = models.DateField(null=True, help_text="first day it no longer held; empty: still")
    details = EncryptedJSONField(help_text="licence number")
    digest = models.CharField(max_length=32, blank=True, default="")

    objects = type(
        "StaffPostQuerySet", (ScopedQuerySet,), {"org_path": "school", "permission": "people.list"}
    ).as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "school", "year"], name="one_post_a_school_and_year"),
        ]
