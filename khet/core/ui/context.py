"""What every page knows of its frame: navigation, office, theme. Nothing is looked up until a template asks."""

from functools import cached_property
from importlib.metadata import version

from django.utils.translation import gettext_lazy as _

from khet.core.notices import queries
from khet.core.ui import entrance, navigation, place

THEME_COOKIE = "khet_theme"
THEMES = {"auto": (_("As the device"), "device-desktop"), "light": (_("Light"), "sun"), "dark": (_("Dark"), "moon")}


class Frame:
    """The frame around one page, as `ui` in every template."""

    def __init__(self, request):
        self.request = request

    version = version("khet")

    @cached_property
    def signed_in(self) -> bool:
        return getattr(self.request, "user", None) is not None and self.request.user.is_authenticated

    @cached_property
    def menu(self) -> list[navigation.Group]:
        return navigation.groups(self.request) if self.signed_in else []

    @cached_property
    def tabs(self) -> list[navigation.Entry]:
        return navigation.tabs(self.menu)

    @cached_property
    def search(self) -> dict | None:
        return navigation.search(self.request.user) if self.signed_in else None

    @cached_property
    def unread(self) -> int:
        return queries.unread(self.request.user) if self.signed_in else 0

    @cached_property
    def office(self):
        return place.current_office(self.request) if self.signed_in else None

    @cached_property
    def offices(self) -> list:
        return place.offices(self.request) if self.signed_in else []

    @cached_property
    def theme(self) -> str:
        chosen = self.request.COOKIES.get(THEME_COOKIE)
        return chosen if chosen in THEMES else "auto"

    @property
    def entrance_note(self) -> str | None:
        """Template of what the sign-in page shows beside its form."""
        return entrance.note()

    @property
    def themes(self) -> list[dict]:
        return [
            {"id": id, "label": label, "icon": icon, "chosen": id == self.theme} for id, (label, icon) in THEMES.items()
        ]


def ui(request):
    return {"ui": Frame(request)}
