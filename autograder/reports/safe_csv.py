"""CSV that a spreadsheet shows as text: no cell of it is taken for a formula, and one record is one line.

A program that opens CSV takes a cell for a formula when it begins with `=`, `+`, `-` or `@`, or with a tab or carriage return before one. Such a cell gets
an apostrophe in front. Where the list separator is a semicolon, a cell that holds one is torn apart whatever its quotes; so the same is done after each
character that some program takes for a separator. Numbers that the kit writes itself stay numbers.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

Cell = str | int | float | bool | None
_STARTS_FORMULA = re.compile(r"""(^|[;|])([\s"]*)(?=[=+\-@＝＋－＠])""")
_BLANK = re.compile(r"[\s\x00-\x1f\x7f\u0085\u2028\u2029]+")


def safe_cell(text: str) -> str:
    """Text on one line, with an apostrophe before what would begin a formula."""
    return _STARTS_FORMULA.sub(r"\1\2'", _BLANK.sub(" ", text).strip())


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Comma-separated, quotes doubled, lines ended by a line feed. None is an empty cell; numbers are written with at most four decimals."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([safe_cell(name) for name in header])
    writer.writerows([[_written(cell) for cell in row] for row in rows])
    return buffer.getvalue()


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, int | float):
        return f"{cell:.4f}".rstrip("0").rstrip(".")
    return safe_cell(cell)
