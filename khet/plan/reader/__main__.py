"""python -m khet.plan.reader FILE...: the plan in each file as JSON (one document, or a list for several)."""

import json
import sys

from khet.plan.reader import UnreadableDocument, read_plan


def main(names: list[str]) -> int:
    """Print the JSON; 0 done, 1 a file could not be read, 2 wrong use."""
    if not names:
        print(__doc__, file=sys.stderr)
        return 2
    plans, faults = [], 0
    for name in names:
        try:
            plans.append(read_plan(name))
        except UnreadableDocument as error:
            print(error, file=sys.stderr)
            faults = 1
    if plans:
        answer = plans if len(names) > 1 else plans[0]
        sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False, indent=1).encode() + b"\n")
    return faults


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
