"""Which of the master's cells each of a student's cells is: by its grade id; where that is lost, by its text, what it defines, and where it stands."""

from collections import defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher

from .master import Master, MasterCell
from .statements import defined_names

ALIKE = 0.6
COMPARED_CHARS = 600  # of two texts; comparing takes the square of it
COMPARISONS = 300
TEXTS = ("markdown", "raw", "heading")


def recognise(master: Master, cells: list[tuple[str, str, str | None]]) -> list[int | None]:
    """For each (cell type, source, grade id) the number of the master's cell, None for a cell of the student's own.

    A solution is found by what it defines, at most once; a cell with the very text of one of the master's is that cell, however often it stands there.
    """
    numbers = {cell.grade_id: number for number, cell in enumerate(master.cells) if cell.grade_id}
    found = [numbers.get(grade_id) if grade_id else None for _, _, grade_id in cells]
    for step in (_by_text, _by_definition, _by_likeness):
        if None in found:
            step(master, cells, found)
    return found


def _by_text(master: Master, cells: list[tuple[str, str, str | None]], found: list[int | None]) -> None:
    """Of several cells of the master with one text: the next that is free."""
    places = defaultdict(list)
    for number, cell in enumerate(master.cells):
        if cell.source.strip():
            places[cell.cell_type == "code", cell.source.strip()].append(number)
    taken, last = set(found), -1
    for i, (kind, source, _) in enumerate(cells):
        if found[i] is None and (same := places.get((kind == "code", source.strip()))):
            free = [number for number in same if number not in taken]
            found[i] = next((number for number in free if number > last), (free or same)[0])
            taken.add(found[i])
        here = found[i]
        last = last if here is None else here


def _by_definition(master: Master, cells: list[tuple[str, str, str | None]], found: list[int | None]) -> None:
    taken, stubs = set(found), master.stubs
    gone = {cell.grade_id: number for number, cell in enumerate(master.cells) if cell.kind == "solution" and cell.grade_id and number not in taken}
    for i, (kind, source, _) in enumerate(cells):
        if gone and found[i] is None and kind == "code" and any(name in source for name in gone):
            names = defined_names(source, stubs) & gone.keys() or defined_names(source) & gone.keys()
            if names:
                found[i] = gone.pop(min(names, key=gone.__getitem__))


def _by_likeness(master: Master, cells: list[tuple[str, str, str | None]], found: list[int | None]) -> None:
    """An edited cell of the course's, between the cells that stand around it in the master."""
    taken, left = set(found), COMPARISONS
    for i, low, high in _gaps(found, len(master.cells)):
        kind, source, _ = cells[i]
        for number in range(low + 1, high):
            if left > 0 and number not in taken and _may_be(master.cells[number], kind):
                left -= 1
                if _alike(master.cells[number].source, source):
                    found[i] = number
                    taken.add(number)
                    break


def _gaps(found: list[int | None], end: int) -> Iterator[tuple[int, int, int]]:
    """(i, the master's number before it, the one behind it) for each cell that is not known yet."""
    behind = [end] * (len(found) + 1)
    for i in reversed(range(len(found))):
        number = found[i]
        behind[i] = behind[i + 1] if number is None else number
    before = -1
    for i, number in enumerate(list(found)):
        if number is None:
            yield i, before, behind[i]
        else:
            before = number


def _may_be(cell: MasterCell, kind: str) -> bool:
    return cell.kind not in ("solution", "written") and (cell.cell_type == "code") == (kind == "code") and bool(cell.source.strip())


def _alike(master: str, student: str) -> bool:
    """Whether half of the master's lines are there, or, for short texts, most of the characters."""
    lines = {line.strip() for line in master.splitlines() if line.strip()}
    if 2 * len(lines & {line.strip() for line in student.splitlines()}) >= len(lines):
        return True
    if max(len(master), len(student)) > COMPARED_CHARS:
        return False
    matcher = SequenceMatcher(None, master, student, autojunk=False)
    return matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE
