"""Small drawings made on the server as SVG: they need no script and carry their meaning in words."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from khet.core.ui.formats import NOTHING, number

WIDTH, HEIGHT, MARGIN = 112, 32, 4


def sparkline(values, target=None, label: str = "") -> SafeString:
    """A line of the last values, the newest marked, with the target as a dashed line.

    values  numbers and None, oldest first; a gap stays a gap
    label   what it shows, for screen readers; the values follow it
    """
    values = [None if value is None else float(value) for value in values]
    known = [value for value in values if value is not None]
    if not known:
        return format_html('<span class="text-secondary">{}</span>', NOTHING)
    across, up = _scales(values, known, target)
    words = f"{label}: " + ", ".join(number(value) for value in values) if label else ", ".join(map(number, values))
    parts = [
        format_html('<polyline class="k-spark-line" points="{}"/>', " ".join(f"{x:.1f},{y:.1f}" for x, y in run))
        for run in _runs([(across(at), None if value is None else up(value)) for at, value in enumerate(values)])
        if len(run) > 1
    ]
    if target is not None:
        parts.append(
            format_html(
                '<line class="k-spark-target" x1="0" x2="{}" y1="{y}" y2="{y}"/>', WIDTH, y=f"{up(float(target)):.1f}"
            )
        )
    last = max(at for at, value in enumerate(values) if value is not None)
    parts.append(
        format_html(
            '<circle class="k-spark-dot" cx="{}" cy="{}" r="3"/>', f"{across(last):.1f}", f"{up(values[last]):.1f}"
        )
    )
    return format_html(
        '<svg class="k-spark" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        WIDTH, HEIGHT, words, format_html_join("", "{}", ((part,) for part in parts)),
    )  # fmt: skip


def _scales(values, known, target):
    low, high = min(known), max(known)
    if target is not None:
        low, high = min(low, float(target)), max(high, float(target))
    if low == high:
        low, high = low - 1, high + 1
    step = (WIDTH - 2 * MARGIN) / max(1, len(values) - 1)

    def across(at):
        return WIDTH - MARGIN if len(values) == 1 else MARGIN + at * step

    def up(value):
        return HEIGHT - MARGIN - (value - low) / (high - low) * (HEIGHT - 2 * MARGIN)

    return across, up


def _runs(points):
    """Unbroken stretches of points: a missing value ends one."""
    runs, run = [], []
    for x, y in points:
        if y is None:
            runs.append(run)
            run = []
        else:
            run.append((x, y))
    return [one for one in [*runs, run] if one]


def bar(value, target=None, maximum=100, status: str = "", label: str = "") -> SafeString:
    """A bar filled as far as the value goes, with a mark at the target; empty without a value."""
    share = _share(value, maximum)
    words = _("%(value)s of %(maximum)s") % {"value": number(value), "maximum": number(maximum)}
    parts = [format_html('<rect class="k-bar-value" width="{}" height="10" rx="1"/>', f"{share:.2f}")]
    if target is not None:
        words += ", " + _("target %(target)s") % {"target": number(target)}
        at = min(_share(target, maximum), 99)
        parts.append(format_html('<rect class="k-bar-target" x="{}" width="1" height="10"/>', f"{at:.2f}"))
    return format_html(
        '<svg class="k-bar{}" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<rect class="k-bar-ground" width="100" height="10" rx="1"/>{}</svg>',
        f" is-{status}" if status else "",
        f"{label}: {words}" if label else words,
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def _share(value, maximum) -> float:
    if value is None or not maximum:
        return 0
    return max(0.0, min(100.0, 100 * float(value) / float(maximum)))
