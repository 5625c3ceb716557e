"""The words that keep a list inside what its viewer may see."""

from django.db import models
from django.db.models import Q


class ScopedQuerySet(models.QuerySet):
    """Rows a viewer may see: those of the orgs where a role lets the viewer in, and of every org under them."""

    org_path = "org"  # lookup from this model to its Org, whose path reads "/3/17/"
    permission = "plan.read"  # the least right that opens a row of this model

    def visible_to(self, viewer, permission: str | None = None):
        """The rows below the paths in which the viewer holds the permission (this model's own when none is given)."""
        paths = viewer.paths(permission or self.permission) if viewer and viewer.is_authenticated else []
        return self.under(paths)

    def under(self, paths):
        """The rows whose org lies at or below one of the paths."""
        if "/" in paths:
            return self.all()
        lookup = f"{self.org_path}__path__startswith" if self.org_path else "path__startswith"
        inside = Q()
        for path in paths:
            inside |= Q(**{lookup: path})
        return self.filter(inside) if paths else self.none()
