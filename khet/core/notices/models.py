"""Notices, and through which channel a user wants to hear of them."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from khet.kit.secrets import EncryptedTextField


class NoticeQuerySet(models.QuerySet):
    def of(self, user):
        return self.filter(user=user)

    def unread(self):
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """One thing one user should know. The words name numbers and kinds of things, never a person.

    key     notices of one key replace each other while unread, so that a clock does not fill the list
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    topic = models.CharField(max_length=40)
    key = models.CharField(max_length=120, blank=True, default="")
    words_th = models.CharField(max_length=300)
    words_en = models.CharField(max_length=300)
    url = models.CharField(max_length=300, blank=True, default="")
    urgent = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True, help_text="when it left by e-mail or LINE, in a digest or alone")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["user", "read_at"])]

    @property
    def words(self) -> str:
        """In the active language."""
        return self.words_en if (get_language() or "th").startswith("en") else self.words_th


class Channel(models.Model):
    """How a user hears of notices outside the app.

    by          e-mail to the account's address by the office's mail server, or LINE by the office's account
    line_id     whom LINE delivers to; encrypted, as it names a person
    quiet_from, quiet_until   hours in which nothing is sent
    muted       topics that are not sent
    """

    class By(models.TextChoices):
        NONE = "none", _("Only here in Khet")
        EMAIL = "email", _("By e-mail")
        LINE = "line", _("By LINE")

    class When(models.TextChoices):
        ONCE = "at_once", _("As soon as there is something")
        DAILY = "daily", _("Once a day, all together")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="channel")
    by = models.CharField(max_length=8, choices=By, default=By.NONE)
    line_id = EncryptedTextField()
    when = models.CharField(max_length=8, choices=When, default=When.DAILY)
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    muted = models.JSONField(default=list)
