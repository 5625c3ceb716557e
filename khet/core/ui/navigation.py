"""The one navigation. Rooms add their entries from AppConfig.ready; what a viewer may not do is not shown."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.checks import Warning
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from khet.core.accounts.access import can

# group id → heading; a group without entries is not shown
GROUPS = {"plan": "", "records": _("Records"), "office": _("Office")}


@dataclass(frozen=True)
class Item:
    """An entry of the navigation.

    id          chosen once; registering it again replaces the entry
    label       lazy translated words, short enough for a phone's bar
    icon        a name of assets/icons.txt
    url_name    the page it leads to, without arguments
    permission  permission word; None shows it to everyone signed in
    order       place in its group, small first
    match       further path prefixes under which it is the current entry
    group       plan | records | office
    tab         place in the phone's bottom bar (at most four are shown), None: only in the menu
    key         letter that, after "g", leads there
    when        asks further whether a viewer who holds the permission sees it
    """

    id: str
    label: str
    icon: str
    url_name: str
    permission: str | None = None
    order: int = 100
    match: tuple[str, ...] = ()
    group: str = "records"
    tab: int | None = None
    key: str | None = None
    when: Callable[[object], bool] | None = None


@dataclass(frozen=True)
class Entry:
    """An item on the page of one viewer."""

    item: Item
    url: str
    current: bool = False


@dataclass(frozen=True)
class Group:
    title: str
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True)
class Search:
    """The search field of the top bar."""

    url_name: str
    label: str
    permission: str | None = None
    parameter: str = "q"


_items: dict[str, Item] = {}
_search: list[Search] = []


def register(item: Item) -> None:
    """Add an entry to the navigation of every page."""
    if item.group not in GROUPS:
        raise ValueError(f"navigation item '{item.id}': no group '{item.group}'. Use one of: {', '.join(GROUPS)}.")
    _items[item.id] = item


def register_search(search: Search) -> None:
    """Say which page the search field of the top bar asks; the last one registered holds."""
    _search[:] = [search]


def groups(request) -> list[Group]:
    """The entries this viewer may open, by group, one of them marked as current."""
    shown = [(item, url) for item in sorted(_items.values(), key=_place) if (url := _open_url(request.user, item))]
    current = _current([(item, url) for item, url in shown], request.path)
    entries = [Entry(item, url, item is current) for item, url in shown]
    made = [Group(title, [e for e in entries if e.item.group == id]) for id, title in GROUPS.items()]
    return [group for group in made if group.entries]


def tabs(menu: list[Group]) -> list[Entry]:
    """The at most four entries of the phone's bottom bar."""
    entries = [entry for group in menu for entry in group.entries if entry.item.tab is not None]
    return sorted(entries, key=lambda entry: entry.item.tab)[:4]


def search(viewer) -> dict | None:
    """{url, label, parameter} of the search field, None when there is none for this viewer."""
    for one in _search:
        if (one.permission is None or can(viewer, one.permission)) and (url := _reverse(one.url_name)):
            return {"url": url, "label": one.label, "parameter": one.parameter}
    return None


def _place(item: Item):
    return item.order, item.id


def _reverse(url_name: str) -> str | None:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return None


def _open_url(viewer, item: Item) -> str | None:
    if not viewer.is_authenticated or (item.permission and not can(viewer, item.permission)):
        return None
    if item.when and not item.when(viewer):
        return None
    return _reverse(item.url_name)


def _current(shown: list[tuple[Item, str]], path: str) -> Item | None:
    """The item whose address (or further prefix) is the longest beginning of the path."""
    hits = [
        (len(prefix), item)
        for item, url in shown
        for prefix in (url, *item.match)
        if (path == prefix if prefix == "/" else path.startswith(prefix))
    ]
    return max(hits, key=lambda hit: hit[0])[1] if hits else None


def items_name_pages(app_configs, **kwargs) -> list[Warning]:
    """A fault for each entry that leads nowhere; such an entry is left out of the navigation."""
    return [
        Warning(f"navigation item '{item.id}': '{item.url_name}' is no page.", hint="Correct url_name.", id="ui.W002")
        for item in _items.values()
        if _reverse(item.url_name) is None
    ]
