"""A document's text and structure, from its bytes."""

import tempfile
from pathlib import Path


def read_document(content: bytes, suffix: str) -> tuple[str, dict]:
    """(text, structure as `khet plan read --json`). The reader works on files, so the bytes lie in one for a moment."""
    from khet.plan.reader import read_lines, read_plan

    with tempfile.TemporaryDirectory(prefix="khet-plan-") as folder:
        path = Path(folder) / f"plan{suffix}"
        path.write_bytes(content)
        return "\n".join(read_lines(path)), read_plan(path)
