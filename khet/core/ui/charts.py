"""Charts described once: the picture (drawn by js/charts.js), its twin as a table, and one sentence that says it.

A page builds a chart with `line`, `bars`, `heatmap` or `scatter` and shows it with {% chart it %}.
"""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from khet.core.ui.formats import NOTHING, number


@dataclass(frozen=True)
class Limits:
    """Natural process limits that hold from one point to another (positions in x)."""

    start: int
    end: int
    low: float
    mean: float
    high: float

    def spec(self) -> dict:
        return {"from": self.start, "to": self.end, "low": self.low, "mean": self.mean, "high": self.high}


@dataclass(frozen=True)
class Chart:
    """What {% chart %} shows.

    spec     what js/chart-options.js draws
    head     headings of the table twin
    rows     its rows, cells already written for people; the first cell is the row's heading
    summary  one sentence: what the picture shows
    name     file name of the downloaded picture, without ending
    """

    spec: dict
    head: list[str]
    rows: list[list[str]]
    summary: str
    name: str = "chart"
    size: str = ""
    figures: list[int] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return self.spec["kind"]


def _words() -> dict:
    return {"target": _("Target"), "mean": _("Mean"), "limits": _("Usual range")}


def _spec(kind, *, unit="", decimals=1, target=None, low=None, high=None, **more) -> dict:
    spec = {"kind": kind, "unit": unit, "decimals": decimals, "words": _words(), **more}
    if target is not None:
        spec["target"] = {"value": float(target)}
    if low is not None:
        spec["min"] = low
    if high is not None:
        spec["max"] = high
    return spec


def _plain(value):
    return None if value is None else float(value)


def line(
    x, series, *, summary, unit="", decimals=1, target=None, limits=(), signals=(), low=None, high=None, x_title="",
    name="chart", size="",
) -> Chart:  # fmt: skip
    """Values over time.

    x        labels of the periods, oldest first
    series   {name: values}, None where there is no value (a gap, never 0)
    target   a number drawn as a line
    limits   `Limits`, one for each stretch; drawn as a band with its mean
    signals  positions in x that the limits call more than noise; drawn as large diamonds
    """
    spec = _spec(
        "line", unit=unit, decimals=decimals, target=target, low=low, high=high, x=[str(one) for one in x],
        series=[{"name": str(title), "values": list(map(_plain, values))} for title, values in series.items()],
        limits=[one.spec() for one in limits], signals=list(signals),
    )  # fmt: skip
    head = [str(x_title or _("Period")), *(str(title) for title in series)]
    if unit:
        head[1:] = [f"{title} ({unit})" if unit != title else title for title in head[1:]]
    rows = [[str(label), *(number(values[at], decimals) for values in series.values())] for at, label in enumerate(x)]
    if signals:
        head.append(str(_("Signal")))
        for at, row in enumerate(rows):
            row.append(str(_("beyond chance")) if at in set(signals) else "")
    return Chart(spec, head, rows, str(summary), name, size, list(range(1, 1 + len(series))))


def bars(items, *, summary, unit="", decimals=1, target=None, low=0, high=None, title="", name="chart") -> Chart:
    """Ranked bars, in the order given.

    items  [{name, value, status?, href?}]; status colours the bar and puts its mark beside the number
    """
    from khet.core.ui.status import word

    spec = _spec(
        "bar", unit=unit, decimals=decimals, target=target, low=low, high=high,
        items=[{**item, "name": str(item["name"]), "value": _plain(item["value"])} for item in items],
    )  # fmt: skip
    with_status = any(item.get("status") for item in items)
    head = [str(title or _("Name")), str(unit or _("Value"))] + ([str(_("Status"))] if with_status else [])
    rows = [
        [str(item["name"]), number(item["value"], decimals)] + ([str(word(item.get("status")))] if with_status else [])
        for item in items
    ]
    return Chart(spec, head, rows, str(summary), name, figures=[1])


def heatmap(x, y, values, *, summary, unit="", decimals=0, low=0, high=100, title="", name="chart") -> Chart:
    """A grid of values: values[row][column], None where there is none."""
    cells = [[c, r, _plain(value)] for r, row in enumerate(values) for c, value in enumerate(row) if value is not None]
    spec = _spec(
        "heatmap", unit=unit, decimals=decimals, low=low, high=high,
        x=[str(one) for one in x], y=[str(one) for one in y], cells=cells,
    )  # fmt: skip
    rows = [[str(label), *(number(value, decimals) for value in values[at])] for at, label in enumerate(y)]
    return Chart(spec, [str(title), *map(str, x)], rows, str(summary), name, figures=list(range(1, 1 + len(x))))


def scatter(points, *, summary, x_name, y_name, decimals=1, title="", name="chart") -> Chart:
    """Points of two values: [{name, x, y, status?, href?}]; a point without one of them is only in the table."""
    shown = [{**p, "name": str(p["name"]), "x": _plain(p["x"]), "y": _plain(p["y"])} for p in points]
    spec = _spec(
        "scatter", decimals=decimals, xName=str(x_name), yName=str(y_name),
        points=[p for p in shown if p["x"] is not None and p["y"] is not None],
    )  # fmt: skip
    rows = [[p["name"], number(p["x"], decimals), number(p["y"], decimals)] for p in shown]
    return Chart(spec, [str(title or _("Name")), str(x_name), str(y_name)], rows, str(summary), name, figures=[1, 2])


__all__ = ["NOTHING", "Chart", "Limits", "bars", "heatmap", "line", "scatter"]
