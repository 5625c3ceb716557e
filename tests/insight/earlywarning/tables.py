"""Made-up tables of pupils whose chance of leaving is known."""

import csv
import gzip
import io
import random
from math import exp

HEADER = ["student_id", "school_code", "year", "sex", "absences", "gpa", "travel", "ศาสนา", "left"]


def pupils(rows=900, years=(2564, 2565, 2566, 2567), seed=1):
    """Rows of pupils: absences and grades tell, sex and travel hardly."""
    draw, made = random.Random(seed), []
    for number in range(rows):
        absences, gpa = int(draw.expovariate(1 / 8)), round(min(4, max(0, draw.gauss(2.7, 0.7))), 2)
        chance = 1 / (1 + exp(-(-1.9 + 0.09 * absences - 1.1 * (gpa - 2.7))))
        made.append([
            f"S{number:05}", f"90{number % 24:04}", years[number % len(years)], draw.choice("mf"), absences, gpa,
            draw.choice(["walk", "bus", "motorcycle", ""]), draw.choice(["พุทธ", "อิสลาม"]),
            "yes" if draw.random() < chance else "no",
        ])  # fmt: skip
    return made


def write(path, rows, header=HEADER, separator=",", encoding="utf-8", zipped=False):
    """A csv file of the rows; the path."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows([header, *rows])
    content = text.getvalue().encode(encoding)
    path.write_bytes(gzip.compress(content) if zipped else content)
    return path
