"""Correcting a draft: what the reader misread, an officer mends here. An adopted plan is revised by a new draft."""

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from khet.core.audit.services import record
from khet.kit.thai import tidy
from khet.plan.models import PlanEdition, PlanIndicator, PlanItem
from khet.plan.models.items import UNDER_A_STRATEGY

Kind = PlanItem.Kind


class PlanError(ValueError):
    """A change of the plan that cannot be; says why and what can."""


def must_be_draft(edition: PlanEdition) -> None:
    if not edition.is_draft:
        raise PlanError(_("This edition has been adopted and stays as it is. Start a revision to change the plan."))


@transaction.atomic
def add_item(edition, kind, text, *, by, title="", parent=None, after=None, lines=()) -> PlanItem:
    """A new item, behind `after` or as the last of its kind under its parent. Raises PlanError."""
    must_be_draft(edition)
    text, title = tidy(text), tidy(title)[:200]
    if not text and not title:
        raise PlanError(_("Write the text of the item."))
    parent = _checked_parent(edition, kind, parent)
    last = after or edition.items.filter(kind=kind, parent=parent).last()
    order = _make_room(edition, last.order if last else _order_of_parent(edition, parent))
    item = PlanItem.objects.create(
        edition=edition, kind=kind, text=text, title=title, parent=parent, lines=list(lines), order=order
    )
    if kind == Kind.INDICATOR:
        PlanIndicator.objects.create(item=item)
    renumber(edition)
    record("plan.item_added", item, by=by, org=edition.org, after={"kind": str(kind), "text": item.wording[:300]})
    item.refresh_from_db()
    return item


@transaction.atomic
def change_item(item, *, by, text=None, title=None, kind=None) -> PlanItem:
    """Change the words or the kind of an item. Raises PlanError.

    An indicator that becomes something else loses its binding and targets; a strategy with items below it stays one.
    """
    must_be_draft(item.edition)
    before = {"kind": item.kind, "text": item.wording[:300]}
    if text is not None:
        item.text = tidy(text)
    if title is not None:
        item.title = tidy(title)[:200]
    if not item.text and not item.title:
        raise PlanError(_("Write the text of the item, or remove it."))
    if kind and kind != item.kind:
        _change_kind(item, kind)
    item.save()
    if kind:
        renumber(item.edition)
        item.refresh_from_db()
    after = {"kind": item.kind, "text": item.wording[:300]}
    if after != before:
        record("plan.item_changed", item, by=by, org=item.edition.org, before=before, after=after)
    return item


def _change_kind(item, kind) -> None:
    if kind not in Kind.values:
        raise PlanError(_("There is no such kind of item."))
    if item.kind == Kind.STRATEGY and item.children.exists():
        raise PlanError(_("This strategy has items below it. Move or remove them first."))
    if item.kind == Kind.INDICATOR:
        PlanIndicator.objects.filter(item=item).delete()
    if kind == Kind.INDICATOR:
        PlanIndicator.objects.create(item=item)
    if kind not in UNDER_A_STRATEGY:
        item.parent = None
    elif item.parent is None and kind == Kind.TACTIC:
        above = item.edition.items.filter(kind=Kind.STRATEGY, order__lt=item.order).last()
        item.parent = above or item.edition.items.filter(kind=Kind.STRATEGY).exclude(pk=item.pk).first()
        if item.parent is None:
            raise PlanError(_("A tactic stands under a strategy. Make a strategy first."))
    item.kind = kind


@transaction.atomic
def move_item(item, *, by, parent="same", before=None, step=0) -> PlanItem:
    """Put an item under another strategy (`parent`), in front of an item (`before`), or a step up (-1) or down (+1)."""
    edition = item.edition
    must_be_draft(edition)
    if parent != "same":
        item.parent = _checked_parent(edition, item.kind, parent)
        last = edition.items.filter(kind=item.kind, parent=item.parent).exclude(pk=item.pk).last()
        item.order = _make_room(edition, last.order if last else _order_of_parent(edition, item.parent))
        item.save(update_fields=["parent", "order"])
    siblings = list(edition.items.filter(kind=item.kind, parent=item.parent))
    place = siblings.index(item)
    if before is not None:
        target = siblings.index(before)
        target -= target > place
    else:
        target = min(max(place + step, 0), len(siblings) - 1)
    orders = [sibling.order for sibling in siblings]
    siblings.insert(target, siblings.pop(place))
    for sibling, order in zip(siblings, orders, strict=True):
        sibling.order = order
    PlanItem.objects.bulk_update(siblings, ["order"])
    renumber(edition)
    item.refresh_from_db()
    record(
        "plan.item_moved",
        item,
        by=by,
        org=edition.org,
        after={"number": item.number, "under": str(item.parent or "")[:100]},
    )
    return item


@transaction.atomic
def remove_item(item, *, by) -> None:
    """Take an item out of the draft, with its binding and targets. Raises PlanError for a strategy that holds items."""
    must_be_draft(item.edition)
    if item.children.exists():
        raise PlanError(_("This strategy has items below it. Move or remove them first."))
    record(
        "plan.item_removed", item, by=by, org=item.edition.org, before={"kind": item.kind, "text": item.wording[:300]}
    )
    item.delete()
    renumber(item.edition)


@transaction.atomic
def split_item(item, at: int, *, by) -> tuple[PlanItem, PlanItem]:
    """Two items from one: the text before and after a character. Raises PlanError when a part would be empty."""
    must_be_draft(item.edition)
    first, second = tidy(item.text[:at]), tidy(item.text[at:])
    if not first or not second:
        raise PlanError(_("Both parts need words. Put the cursor where the second item begins."))
    item.text = first
    item.save(update_fields=["text"])
    new = add_item(item.edition, item.kind, second, by=by, parent=item.parent, after=item, lines=item.lines)
    return item, new


@transaction.atomic
def merge_items(item, *, by) -> PlanItem:
    """The item and the next of its kind under the same parent, as one. Raises PlanError when there is no next."""
    must_be_draft(item.edition)
    siblings = list(item.edition.items.filter(kind=item.kind, parent=item.parent))
    place = siblings.index(item)
    if place + 1 == len(siblings):
        raise PlanError(_("There is no item of this kind below this one to join."))
    other = siblings[place + 1]
    if other.children.exists():
        raise PlanError(_("This strategy has items below it. Move or remove them first."))
    item.text = tidy(f"{item.text} {other.wording}")
    spans = [span for span in (item.lines, other.lines) if span]
    item.lines = [min(s[0] for s in spans), max(s[1] for s in spans)] if spans else []
    item.save(update_fields=["text", "lines"])
    remove_item(other, by=by)
    return item


def renumber(edition) -> None:
    """Number items anew among their own kind under their parent, and space their order evenly."""
    counts: dict[tuple, int] = {}
    items = list(edition.items.all())
    for place, item in enumerate(items, start=1):
        key = (item.kind, item.parent_id)
        counts[key] = counts.get(key, 0) + 1
        item.number, item.order = counts[key], place * 10
    PlanItem.objects.bulk_update(items, ["number", "order"])


def _checked_parent(edition, kind, parent):
    if kind not in Kind.values:
        raise PlanError(_("There is no such kind of item."))
    if kind not in UNDER_A_STRATEGY:
        return None
    if parent is None and kind == Kind.TACTIC:
        raise PlanError(_("A tactic stands under a strategy. Choose one."))
    if parent is not None and (parent.edition_id != edition.pk or parent.kind != Kind.STRATEGY):
        raise PlanError(_("Items stand under a strategy of the same plan."))
    return parent


def _order_of_parent(edition, parent) -> int:
    if parent:
        return parent.order
    last = edition.items.last()
    return last.order if last else 0


def _make_room(edition, order: int) -> int:
    """An order right behind the given one."""
    edition.items.filter(order__gt=order).update(order=F("order") + 1)
    return order + 1
