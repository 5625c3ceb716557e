"""The made-up office's plan, as text and as a Word document."""

from pathlib import Path

import docx

from khet.kit.periods import fiscal_year, to_be
from khet.web.demo.files.tables import FILE_TIME
from khet.web.demo.vocabulary import template
from khet.web.demo.world import World

PLAN_YEARS = 5


def plan_years(world: World) -> tuple[int, int]:
    """First and last fiscal year (C.E.) of the plan: that of the first census, and four more."""
    first = fiscal_year(world.rounds(world.years[0])[1]).year
    return first, first + PLAN_YEARS - 1


def plan_text(world: World) -> str:
    """The plan with `#` before headings. Its vision names the plan's second year: in the demo, one that has passed."""
    first, last = plan_years(world)
    return template("plan.txt").format(
        first=to_be(first), last=to_be(last), vision_year=to_be(first + 1), office=world.area.office_name.th
    )


def write_plan(world: World, folder: Path) -> list[Path]:
    lines = plan_text(world).splitlines()
    text = folder / "plan.txt"
    text.write_text("\n".join(line.lstrip("# ") for line in lines) + "\n", encoding="utf-8")
    return [text, _word(lines, folder / "plan.docx")]


def _word(lines: list[str], path: Path) -> Path:
    document = docx.Document()
    for line in filter(None, lines):
        if line.startswith("#"):
            document.add_heading(line.lstrip("# "), level=line.count("#"))
        else:
            document.add_paragraph(line)
    document.core_properties.created = document.core_properties.modified = FILE_TIME
    document.core_properties.author = ""
    document.save(str(path))
    return path
