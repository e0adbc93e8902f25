"""Reads a notebook as a student sent it and lays its answers on the master.

Nothing here trusts the file: size, encoding, JSON and structure are checked; what cannot be read is an Unreadable with a sentence.
"""

import json
import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from .helper_modules import helper_cells
from .lay_out import StudentCell, lay_out
from .master import Master, source_of
from .plan import Plan
from .recognise import TEXTS, recognise

Beside = Callable[[], Mapping[str, Callable[[], bytes]]]
MAX_BYTES = 64 << 20
MAX_CELLS = 5_000
MAX_CELL_CHARS = 400_000
MAX_CODE_CHARS = 2_000_000


class Unreadable(Exception):
    """The notebook cannot be read; the sentence says why and what to do."""

    def __init__(self, message: str):
        super().__init__("".join(c if c.isprintable() else "?" for c in message))  # a file's name is the student's

    @classmethod
    def missing(cls, name: str) -> "Unreadable":
        return cls(f"there is no notebook {name}")

    @classmethod
    def not_a_file(cls, name: str) -> "Unreadable":
        return cls(f"{name} is not a regular file (a link, a folder, a pipe or a device): hand in the notebook itself")

    @classmethod
    def too_large(cls, name: str, size: int) -> "Unreadable":
        limit = MAX_BYTES >> 20
        return cls(f"{name} has {size / 2**20:,.0f} MB, more than {limit} MB: clear its outputs (Kernel, Restart and Clear Outputs) and hand in again")

    @classmethod
    def not_json(cls, name: str, detail: str) -> "Unreadable":
        return cls(f"{name} is not a notebook: {detail}. Was it cut off or saved by another program? Open it in JupyterLab, save, hand in again")


class WrongAssignment(Unreadable):
    """It is a notebook, but holds nothing of the assignment."""

    def __init__(self, name: str, assignment: str, other: str | None):
        hint = f"; it looks like {other}" if other else ""
        super().__init__(f"{name} holds no cell of the assignment {assignment}{hint}: was another notebook handed in?")


def read_file(path: Path) -> bytes:
    """The bytes of a regular file of acceptable size. Raises Unreadable."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise Unreadable.missing(path.name) from None
    except OSError:
        raise Unreadable.not_a_file(path.name) from None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable.not_a_file(path.name)
        if status.st_size > MAX_BYTES:
            raise Unreadable.too_large(path.name, status.st_size)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            data = file.read(MAX_BYTES + 1)
    finally:
        os.close(descriptor)
    if len(data) > MAX_BYTES:
        raise Unreadable.too_large(path.name, len(data))
    return data


def decode(data: bytes, name: str) -> tuple[dict, list[str]]:
    """The notebook's JSON object and sentences on what was repaired. Raises Unreadable."""
    notes: list[str] = []
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if data.startswith(mark):
            notes.append(f"the file is stored as {encoding.upper()}; notebooks are plain UTF-8")
            break
    else:
        encoding = "utf-8"
    if not data.strip():
        raise Unreadable.not_json(name, "it is empty")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode("latin-1")
        notes.append("the file is not UTF-8; it was read as Latin-1")
    try:
        document = json.loads(text)
    except RecursionError:
        raise Unreadable.not_json(name, "its JSON is nested too deeply") from None
    except ValueError as error:
        place = f" at line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise Unreadable.not_json(name, f"its JSON is broken{place}") from None
    if not isinstance(document, dict):
        raise Unreadable.not_json(name, "its JSON is not an object")
    return document, notes


def cells_of(document: dict, name: str) -> tuple[list[StudentCell], list[str]]:
    """The cells, of notebook format 3 and 4 alike, and sentences on what was repaired. Raises Unreadable."""
    notes: list[str] = []
    raw = document.get("cells")
    if raw is None and isinstance(document.get("worksheets"), list):
        notes.append("the notebook is in the old format 3; it was read all the same")
        raw = [cell for sheet in document["worksheets"] if isinstance(sheet, dict) for cell in _list(sheet.get("cells"))]
    if not isinstance(raw, list):
        raise Unreadable.not_json(name, "it has no list of cells")
    if len(raw) > MAX_CELLS:
        raise Unreadable.not_json(name, f"it has {len(raw):,} cells, more than {MAX_CELLS:,}")
    cells = [_student_cell(cell) for cell in raw if isinstance(cell, dict)]
    if len(cells) < len(raw):
        notes.append("entries that are not cells were left out")
    return cells, notes


def _list(value) -> list:
    return value if isinstance(value, list) else []


def _student_cell(cell: dict) -> StudentCell:
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    source = source_of(cell) or source_of({"source": cell.get("input", "")})
    source = source.encode(errors="replace").decode()  # half a surrogate pair cannot be written to a file again
    return StudentCell(str(cell.get("cell_type", "code")), source, grade_id if isinstance(grade_id, str) else None, cell.get("attachments"))


def make_plan(master: Master, data: bytes, name: str, others: dict[str, Master] | None = None, beside: Beside = dict) -> Plan:
    """Lays the student's answers on the master's cells. Raises Unreadable.

    The master gives the order and every locked cell; solutions come from the student's cells, known by grade id or by what they are; the student's own
    cells, and what was added to locked ones, run after the known cell that precedes them. Graded checks and demos are not run. `beside` gives what reads
    the files beside the notebook, by their names; modules among them that the cells use are put there.
    """
    document, notes = decode(data, name)
    cells, more = cells_of(document, name)
    cells = _within_limits(cells, notes)
    found = recognise(master, [(cell.cell_type, cell.source, cell.grade_id) for cell in cells])
    _check_assignment(master, cells, found, name, others or {})
    if not any(cell.grade_id in master.by_id for cell in cells):
        notes.append("the cells have lost the names that the course gave them; they were found by what is in them")
    files = beside()
    ahead: list[str] = []
    if files:
        code = "\n".join(cell.source for cell in cells if cell.cell_type not in TEXTS)
        ahead, words = helper_cells(files, code, set(master.files))
        more += words
    return lay_out(master, cells, found, notes + more, ahead)


def _within_limits(cells: list[StudentCell], notes: list[str]) -> list[StudentCell]:
    kept, code = [], 0
    for cell in cells:
        is_text = cell.cell_type in TEXTS
        if len(cell.source) > MAX_CELL_CHARS or (not is_text and code + len(cell.source) > MAX_CODE_CHARS):
            notes.append(f"a cell of {len(cell.source):,} characters was left out")
            cell = replace(cell, source="")
        code += 0 if is_text else len(cell.source)
        kept.append(cell)
    return kept


def _check_assignment(master: Master, cells: list[StudentCell], found: list[int | None], name: str, others: dict[str, Master]) -> None:
    """Raises Unreadable when nothing that is particular to the assignment is there. A setup cell has the same name in all of them."""
    ids = {cell.grade_id for cell in cells}
    if any(master.cells[number].kind in ("solution", "check", "written") and master.cells[number].grade_id in ids for number in found if number is not None):
        return
    other = max(others.values(), key=lambda other: len(ids & other.own_ids), default=None)
    other = other if other is not None and other.name != master.name and ids & other.own_ids else None
    if other is None and (ids & set(master.by_id) or _defines_any(cells, master) or 2 * len({*found} - {None}) >= len(master.cells)):
        return
    raise WrongAssignment(name, master.name, other.name if other else None)


def _defines_any(cells: list[StudentCell], master: Master) -> bool:
    wanted = tuple(f"{word} {exercise}" for exercise in master.exercises for word in ("def", "class"))
    return any(word in cell.source for cell in cells for word in wanted)
