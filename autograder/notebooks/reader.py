"""Reads a notebook as a student sent it and lays its answers on the master.

Nothing here trusts the file: size, encoding, JSON and structure are checked; what cannot be read is an Unreadable with a sentence.
"""

import json
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from .master import Master, source_of
from .plan import Plan, PlannedCell, same_code

MAX_BYTES = 64 << 20
MAX_CELLS = 5_000
MAX_CELL_CHARS = 400_000
KNOWN_TYPES = ("markdown", "raw", "heading")


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

    @classmethod
    def wrong_assignment(cls, name: str, assignment: str, other: str | None) -> "Unreadable":
        hint = f"; it looks like {other}" if other else ""
        return cls(f"{name} holds no cell of the assignment {assignment}{hint}: was another notebook handed in?")


@dataclass(frozen=True)
class StudentCell:
    """One cell as sent."""

    cell_type: str
    source: str
    grade_id: str | None
    attachments: object = None


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


def make_plan(master: Master, data: bytes, name: str, others: dict[str, Master] | None = None) -> Plan:
    """Lays the student's answers on the master's cells. Raises Unreadable.

    The master gives the order and every locked cell; solutions come from the student's cells by grade id; the student's own extra cells run after
    the known cell that precedes them. Graded checks and demos are not run.
    """
    document, notes = decode(data, name)
    cells, more = cells_of(document, name)
    notes += more
    known = master.by_id
    if not any(cell.grade_id in known for cell in cells) and not _defines_any(cells, master):
        other = next((o.name for o in (others or {}).values() if any(c.grade_id in o.by_id for c in cells)), None)
        raise Unreadable.wrong_assignment(name, master.name, other)
    return _lay_out(master, cells, notes)


def _defines_any(cells: list[StudentCell], master: Master) -> bool:
    wanted = tuple(f"{word} {exercise}" for exercise in master.exercises for word in ("def", "class"))
    return any(word in cell.source for cell in cells for word in wanted)


def _lay_out(master: Master, cells: list[StudentCell], notes: list[str]) -> Plan:
    answers, extras = _sort(master, cells, notes)
    plan = Plan([], dict(master.files), notes=notes)
    for cell in cells:
        if cell.grade_id in known_written(master) and (cell.grade_id not in plan.written or not _is_stub(master, plan, cell)):
            plan.written[cell.grade_id] = {"source": cell.source, "attachments": cell.attachments}
    plan.cells += extras.get(None, [])
    for cell in master.cells:
        if cell.kind == "solution":
            _add_solution(plan, cell.grade_id, cell.source, answers.get(cell.grade_id))
        elif cell.kind in ("given", "free") and cell.grade_id:
            plan.cells.append(PlannedCell(cell.source, cell.grade_id))
        elif cell.kind == "check" and cell.grade_id:
            plan.checks[cell.grade_id.removeprefix("test_")] = len(plan.cells)
        plan.cells += extras.get(cell.grade_id, []) if cell.grade_id else []
    _note_order(master, cells, notes)
    return plan


def known_written(master: Master) -> set[str]:
    """Grade ids of the questions marked by hand."""
    return {cell.grade_id for cell in master.cells if cell.kind == "written" and cell.grade_id}


def _is_stub(master: Master, plan: Plan, cell: StudentCell) -> bool:
    return cell.source.strip() == master.by_id[cell.grade_id].source.strip()


def _sort(master: Master, cells: list[StudentCell], notes: list[str]):
    """Answers by grade id, and the student's own code cells by the known cell before them."""
    answers: dict[str, list[str]] = {}
    extras: dict[str | None, list[PlannedCell]] = {}
    anchor: str | None = None
    unlabelled = [master_cell.source.strip() for master_cell in master.cells if master_cell.kind in ("free", "demo") and not master_cell.grade_id]
    for cell in cells:
        source = cell.source if len(cell.source) <= MAX_CELL_CHARS else ""
        if source != cell.source:
            notes.append(f"a cell of {len(cell.source):,} characters was left out")
        kind = master.by_id[cell.grade_id].kind if cell.grade_id in master.by_id else None
        if kind is not None:
            anchor = cell.grade_id
            if kind == "solution":
                answers.setdefault(cell.grade_id, []).append(source)
                if cell.cell_type != "code":
                    kind = cell.cell_type if cell.cell_type in KNOWN_TYPES else "strange"
                    notes.append(f"the cell {cell.grade_id} was a {kind} cell; it was run as code")
        elif cell.cell_type == "code" and source.strip() and source.strip() not in unlabelled:
            extras.setdefault(anchor, []).append(PlannedCell(source))
    return answers, extras


def _add_solution(plan: Plan, grade_id: str, stub: str, sources: list[str] | None) -> None:
    if sources is None:
        plan.absent.add(grade_id)
        plan.notes.append(f"the cell {grade_id} is not in the notebook")
        return
    written = [source for source in sources if not same_code(source, stub)]
    if len(sources) > 1:
        plan.notes.append(f"there are {len(sources)} cells {grade_id}; those that were filled in were run in their order")
    if not written:
        plan.blank.add(grade_id)
        plan.cells.append(PlannedCell(stub, grade_id))
    plan.cells += [PlannedCell(source, grade_id) for source in written]


def _note_order(master: Master, cells: list[StudentCell], notes: list[str]) -> None:
    sent = [cell.grade_id for cell in cells if cell.grade_id in master.by_id]
    place = {grade_id: i for i, grade_id in enumerate(master.by_id)}
    if sorted(sent, key=place.__getitem__) != sent:
        notes.append("the cells were not in their order; they were run in the order of the assignment")
