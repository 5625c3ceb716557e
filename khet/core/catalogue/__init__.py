"""The catalogue: government systems, measures, indicators, sources and code lists as data.

Reads `catalogue/` as shipped and the office's overlay; gives frozen typed objects.
"""

from khet.core.catalogue.base import (
    CatalogueError,
    Citation,
    Dated,
    FullText,
    Sourced,
    Strict,
    Text,
    newest_of_families,
)
from khet.core.catalogue.loader import Catalogue, Fault, catalogue, forget, kind

__all__ = [
    "Catalogue", "CatalogueError", "Citation", "Dated", "Fault", "FullText", "Sourced", "Strict", "Text", "catalogue",
    "forget", "kind", "newest_of_families",
]  # fmt: skip
