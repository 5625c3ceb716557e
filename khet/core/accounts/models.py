"""Users and the roles granted to them."""

from functools import cached_property

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khet.core.catalogue import catalogue
from khet.core.orgs.scope import ScopedQuerySet

EVERYWHERE = "/"  # the path above every org: only the system acts there


class UserQuerySet(ScopedQuerySet):
    permission = "users.manage"

    def people(self):
        """Accounts of persons; the system's own is nobody's to see or to change."""
        return self.filter(is_system=False)

    def by_login(self, name: str):
        """The account a typed user name or e-mail means, or None."""
        return self.filter(Q(username__iexact=name) | Q(email__iexact=name)).first() if name else None

    def matching(self, words: str):
        """Accounts whose name, user name or e-mail holds all of the words."""
        rows = self
        for word in words.split():
            rows = rows.filter(Q(full_name__icontains=word) | Q(username__icontains=word) | Q(email__icontains=word))
        return rows

    def get_by_natural_key(self, username):
        return self.get(username__iexact=username)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def create_user(self, username, email="", password=None, **fields):
        user = self.model(username=username, email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """A person who signs in. Nothing is open to a user but by a role (there is no superuser)."""

    username = models.CharField(_("user name"), max_length=60, unique=True)
    email = models.EmailField(_("e-mail"), blank=True, default="")
    full_name = models.CharField(_("full name"), max_length=120)
    org = models.ForeignKey("orgs.Org", models.PROTECT, null=True, related_name="+", verbose_name=_("works at"))
    language = models.CharField(_("language"), max_length=2, choices=[("th", "ไทย"), ("en", "English")], default="th")
    is_active = models.BooleanField(_("may sign in"), default=True)
    must_change_password = models.BooleanField(
        default=False, editable=False, help_text="signed in with a temporary one"
    )
    is_system = models.BooleanField(default=False, editable=False)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)
    visit_began = models.DateTimeField(null=True, editable=False)
    last_visit = models.DateTimeField(null=True, editable=False, help_text="when the visit before this one ended")
    seen_at = models.DateTimeField(null=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        ordering = ["username"]
        constraints = [
            # An outside identity signs in by its e-mail, so that must name one person.
            models.UniqueConstraint(Lower("username"), name="a_user_name_is_used_once"),
            models.UniqueConstraint(Lower("email"), condition=~Q(email=""), name="an_email_is_used_once"),
        ]

    def __str__(self):
        return self.full_name or self.username

    @property
    def audit_label(self) -> str:
        return self.username

    @cached_property
    def grants(self) -> tuple["RoleGrant", ...]:
        """The grants in force today, with their orgs."""
        if "roles" in getattr(self, "_prefetched_objects_cache", ()):  # a list has read them for all its rows
            return tuple(grant for grant in self.roles.all() if grant.state == "in_force")
        return tuple(self.roles.select_related("org").in_force())

    def paths(self, permission: str) -> list[str]:
        """Paths of the orgs where a role in force gives the permission; the highest ones only."""
        if self.is_system:
            return [EVERYWHERE]
        if not self.is_active:
            return []
        held = sorted({g.org.path for g in self.grants if permission in g.permissions})
        return [path for path in held if not any(path != other and path.startswith(other) for other in held)]

    def forget_grants(self) -> None:
        """Read the grants anew at the next question."""
        self.__dict__.pop("grants", None)

    @property
    def needs_second_factor(self) -> bool:
        return any(grant.definition and grant.definition.mfa for grant in self.grants)

    @property
    def home(self) -> str:
        """Which home page fits: director, planner or school."""
        homes = [g.definition.home for g in self.grants if g.definition]
        return next((name for name in ("director", "planner", "school") if name in homes), "planner")


class RoleGrantQuerySet(models.QuerySet):
    def in_force(self, on=None):
        """Grants that hold on a day (today)."""
        day = on or timezone.localdate()
        return self.filter(Q(since__isnull=True) | Q(since__lte=day)).filter(Q(until__isnull=True) | Q(until__gt=day))


class RoleGrant(models.Model):
    """A role held at an org for a time; ended, never deleted."""

    user = models.ForeignKey(User, models.CASCADE, related_name="roles")
    role = models.CharField(max_length=40, help_text="id of a role in the catalogue")
    org = models.ForeignKey("orgs.Org", models.PROTECT, related_name="+")
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True, help_text="first day it no longer holds")

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        ordering = ["role", "org"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "org"], condition=Q(until__isnull=True), name="a_role_is_granted_once"
            ),
        ]

    @property
    def definition(self):
        return catalogue().find("role", self.role)

    @property
    def title(self) -> str:
        return str(self.definition.title) if self.definition else self.role

    @property
    def state(self) -> str:
        """coming | in_force | ended"""
        today = timezone.localdate()
        if self.until and self.until <= today:
            return "ended"
        return "coming" if self.since and self.since > today else "in_force"

    @property
    def permissions(self) -> tuple[str, ...]:
        return self.definition.permissions if self.definition else ()


def system_user() -> User:
    """Who acts when nobody is signed in: the command line, the worker, the demo."""
    user, _created = User.objects.get_or_create(
        username="system", defaults={"full_name": "Khet", "is_system": True, "password": "!"}
    )
    return user
