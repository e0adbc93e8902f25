"""Written questions: what the text says they give at most, and the marking scheme in the author's notebook."""

import json
import re
from pathlib import Path

from .master import Master, source_of

# "(up to 4 points of extra credit, marked by hand)", "(1 point)"
POINTS = re.compile(r"[(（]\s*(?:up to\s+)?(\d+(?:\.\d+)?)\s+points?\b", re.IGNORECASE)
SOLUTION = re.compile(r"^#+ BEGIN SOLUTION\s*\n(.*?)^#+ END SOLUTION", re.DOTALL | re.MULTILINE)


def points_in(text: str) -> float | None:
    """What a question's text says it gives at most; the last such number when there are several. None when it does not say."""
    found = POINTS.findall(text)
    return float(found[-1]) if found else None


def most_points(master: Master) -> dict[str, float]:
    """Extra credit at most, by grade id, of the written questions that carry no points of nbgrader's. The text stands in the cell or in the one above it.

    A question whose text says no number is left out.
    """
    found = {}
    for above, cell in zip((None, *master.cells), master.cells, strict=False):
        if cell.kind == "written" and cell.grade_id and not cell.points:
            points = points_in(cell.source)
            if points is None and above is not None and above.kind == "prose":
                points = points_in(above.source)
            if points is not None:
                found[cell.grade_id] = points
    return found


def marking_schemes(source: Path) -> dict[str, str]:
    """Model answer and marking scheme of each written question, as Markdown, from the author's notebook in `source/`. For the staff alone."""
    document = json.loads(source.read_text(encoding="utf-8"))
    schemes = {}
    for cell in document["cells"]:
        nbgrader = cell.get("metadata", {}).get("nbgrader", {})
        if nbgrader.get("grade") and nbgrader.get("solution"):
            text = source_of(cell)
            schemes[nbgrader["grade_id"]] = "\n\n".join(part.strip() for part in SOLUTION.findall(text)) or text.strip()
    return schemes
