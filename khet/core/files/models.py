"""What was attached. The bytes lie encrypted in KHET_HOME/uploads/files, under the file's own reference."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from khet.core.orgs.models import Org


class StoredFile(models.Model):
    """An attachment as it was kept: the name is what the uploader called it, the type is what the content says."""

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    org = models.ForeignKey(Org, models.PROTECT, null=True, related_name="+", help_text="whose record it belongs to")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(help_text="bytes as kept")
    sha256 = models.CharField(max_length=64, help_text="of the bytes as kept")
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", help_text="null: an anonymous reporter"
    )
    at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    erased_at = models.DateTimeField(null=True, help_text="when the bytes were deleted for good")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="a_removed_file_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(removed_at__isnull=False), name="only_a_removed_file_is_erased"
            ),
        ]

    @property
    def is_image(self) -> bool:
        return self.media_type.startswith("image/")

    @property
    def is_there(self) -> bool:
        """True while it can be opened."""
        return self.removed_at is None
