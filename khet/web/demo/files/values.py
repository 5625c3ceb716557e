"""Spreadsheets of figures, in the long form and the wide one."""

from collections.abc import Iterator
from pathlib import Path

from khet.web.demo.files.tables import write_csv, write_xlsx
from khet.web.demo.vocabulary import headers
from khet.web.demo.world import World
from khet.web.demo.world.area import OFFICE_CODE
from khet.web.demo.world.figures import Figure, finished_fiscal_years, fiscal

WIDE = {"external_assessment", "learning", "school_days"}  # one row an org and period, a column a measure
EXCEL = {"office_scores", "external_assessment"}


def write_values(world: World, folder: Path) -> list[Path]:
    """A file for each set of figures: values_<set>.csv, or .xlsx for those people type in Excel."""
    paths = []
    for name, figures in world.figures.items():
        rows = _wide(figures) if name in WIDE else _long(figures, _slips(world, name))
        write, ending = (write_xlsx, "xlsx") if name in EXCEL else (write_csv, "csv")
        paths.append(write(folder / f"values_{name}.{ending}", rows))
    return paths


def _slips(world: World, name: str) -> list[Figure]:
    """A rate typed as 108.4 percent, for a year before the others, so that no true figure is lost with it."""
    if name != "office_scores":
        return []
    year = finished_fiscal_years(world.today)[0] - 1
    faulty = [float(slip.value) for slip in world.slips if slip.kind == "over_hundred"]
    return [Figure("ita_total", OFFICE_CODE, fiscal(year), value) for value in faulty]


def _long(figures: list[Figure], slips: list[Figure]) -> Iterator[list]:
    yield headers()["values"]["long"]
    for f in [*figures, *slips]:
        yield [f.measure, f.org, f.period, f.grade, f.sex, f.group, f"{f.value:g}", ""]


def _wide(figures: list[Figure]) -> Iterator[list]:
    measures = list(dict.fromkeys(figure.measure for figure in figures))
    yield [*headers()["values"]["wide"], *measures]
    rows: dict[tuple[str, str], dict[str, float]] = {}
    for figure in figures:
        rows.setdefault((figure.org, figure.period), {})[figure.measure] = figure.value
    for (org, period), values in rows.items():
        yield [org, period, *(f"{values[m]:g}" if m in values else "" for m in measures)]
