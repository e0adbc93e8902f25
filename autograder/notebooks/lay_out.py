"""Lays a student's cells, each known to be one of the master's or the student's own, on the master: the plan."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .additions import Additions, additions
from .master import Master
from .plan import OwnText, Plan, PlannedCell, same_code
from .recognise import TEXTS
from .statements import defined_names


@dataclass(frozen=True)
class StudentCell:
    """One cell as sent."""

    cell_type: str
    source: str
    grade_id: str | None
    attachments: object = None


@dataclass
class _Sorted:
    """What the student's cells come to. Numbers of cells are the master's, -1 is ahead of all. own: cells to run behind a cell; answers: what fills a
    cell; copies: how often a solution's cell is there; seen: numbers of cells that are there."""

    own: dict[int, list[PlannedCell]] = field(default_factory=lambda: defaultdict(list))
    texts: list[OwnText] = field(default_factory=list)
    answers: dict[int, list[StudentCell]] = field(default_factory=lambda: defaultdict(list))
    copies: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    seen: set[int] = field(default_factory=set)


def lay_out(master: Master, cells: list[StudentCell], found: list[int | None], notes: list[str], ahead: Iterable[str] = ()) -> Plan:
    """`found`: for each cell the number of the master's that it is, None for one of the student's own; ahead: sources of cells to run before all."""
    given = _sort(master, cells, found, notes)
    given.own[-1][:0] = [PlannedCell(source, None, -1, 0) for source in ahead]
    plan = Plan([], dict(master.files), notes=notes)
    defined = _defined(master, given)
    plan.cells += given.own[-1]
    for number, cell in enumerate(master.cells):
        if cell.kind == "solution" and cell.grade_id:
            _add_solution(plan, cell.grade_id, cell.source, number, given, defined)
        elif cell.kind == "free" and number in given.answers:
            plan.cells += [PlannedCell(one.source, cell.grade_id, number) for one in given.answers[number][:1]]
        elif cell.kind in ("given", "free"):
            plan.cells.append(PlannedCell(cell.source, cell.grade_id, number))
        elif cell.kind == "check" and cell.grade_id:
            plan.checks[cell.grade_id.removeprefix("test_")] = len(plan.cells)
        plan.cells += given.own[number]
    _add_written(plan, master, given, found)
    _note_order(master, cells, found, notes)
    return plan


def _sort(master: Master, cells: list[StudentCell], found: list[int | None], notes: list[str]) -> _Sorted:
    given, place = _Sorted(), -1
    lines = {line.strip() for cell in master.cells if cell.cell_type != "code" for line in cell.source.splitlines()}
    for index, (cell, number) in enumerate(zip(cells, found, strict=True)):
        if number is None:
            _sort_own(given, cell, place, index, lines)
            continue
        kind, is_first = master.cells[number].kind, number not in given.seen
        given.seen.add(number)
        # A second copy of a cell does not lead back to where the first one stands.
        place = number if is_first else max(place, number)
        if kind == "solution":
            _sort_solution(given, master, cell, number, place, index, notes)
        elif kind == "written" or (kind == "free" and is_first):
            given.answers[number].append(cell)
        elif kind == "prose":
            _sort_prose(given, cell, place, index, lines)
        elif cell.cell_type not in TEXTS:
            _sort_locked(given, master, cell, number, place, index, notes)
    for own in given.own.values():
        own.sort(key=lambda cell: cell.index)
    return given


def _sort_own(given: _Sorted, cell: StudentCell, place: int, index: int, lines: set[str]) -> None:
    if cell.cell_type == "code" and cell.source.strip():
        given.own[place].append(PlannedCell(cell.source, None, place, index))
    elif cell.cell_type in TEXTS and _is_new(cell.source, lines):
        given.texts.append(OwnText(cell.source, cell.attachments, place, index))


def _sort_solution(given: _Sorted, master: Master, cell: StudentCell, number: int, place: int, index: int, notes: list[str]) -> None:
    """The first copy that was filled in stands where the master's does, others where the student put them."""
    grade_id, stub = master.cells[number].grade_id, master.cells[number].source
    given.copies[number] += 1
    if cell.cell_type != "code":
        kind = cell.cell_type if cell.cell_type in TEXTS else "strange"
        notes.append(f"the cell {grade_id} was a {kind} cell; it was run as code")
    if same_code(cell.source, stub):
        return
    if given.answers[number]:
        given.own[place].append(PlannedCell(cell.source, grade_id, place, index))
    given.answers[number].append(cell)


def _sort_prose(given: _Sorted, cell: StudentCell, place: int, index: int, lines: set[str]) -> None:
    """What was written into a cell of the course's text."""
    new = "\n".join(line for line in cell.source.splitlines() if line.strip() not in lines or not line.strip()).strip("\n")
    if cell.cell_type in TEXTS and new.strip():
        given.texts.append(OwnText(new, cell.attachments, place, index))


def _is_new(source: str, lines: set[str]) -> bool:
    return any(line.strip() and line.strip() not in lines for line in source.splitlines())


def _sort_locked(given: _Sorted, master: Master, cell: StudentCell, number: int, place: int, index: int, notes: list[str]) -> None:
    known = master.cells[number]
    added = additions(known.source, cell.source, known.kind in ("given", "free"), master.stubs)
    for source, at in ((added.before, place - 1 if place == number else place), (added.after, place)):
        if source:
            given.own[at].append(PlannedCell(source, None, at, index))
    notes += _words_on(added, known.grade_id or "without a name", known.kind)


def _words_on(added: Additions, name: str, kind: str) -> Iterator[str]:
    if added.count:
        yield f"the cell {name} is locked; {_lines(added.count)} added to it {'was' if added.count == 1 else 'were'} run as a cell of the student's own"
    if added.left_out:
        were = "was" if added.left_out == 1 else "were"
        reason = "its text is the course's" if kind in ("given", "free") else "only imports, functions, classes and plain values count there"
        yield f"the cell {name} is locked; {_lines(added.left_out)} changed in it {were} left out, since {reason}"


def _lines(count: int) -> str:
    return "a statement" if count == 1 else f"{count} statements"


def _defined(master: Master, given: _Sorted) -> set[str]:
    """Names that the student's code binds, wherever it stands; what is as the course handed it out does not count."""
    sources = [cell.source for own in given.own.values() for cell in own] + [cell.source for cells in given.answers.values() for cell in cells]
    wanted = {cell.grade_id for cell in master.cells if cell.kind == "solution"}
    names: set[str] = set()
    for source in sources:
        if any(name and name in source for name in wanted - names):
            names |= defined_names(source, master.stubs)
    return names


def _add_solution(plan: Plan, grade_id: str, stub: str, number: int, given: _Sorted, defined: set[str]) -> None:
    filled = given.answers.get(number, [])
    if number not in given.seen:
        plan.absent.add(grade_id)
        plan.notes.append(f"the cell {grade_id} is not in the notebook")
    if given.copies[number] > 1:
        plan.notes.append(f"there are {given.copies[number]} cells {grade_id}; those that were filled in were run in their order")
    plan.cells += [PlannedCell(cell.source, grade_id, number) for cell in filled[:1]]
    if filled or grade_id in defined:
        plan.answered.add(grade_id)
    if filled:
        return
    if grade_id in defined:  # the stub is left out, since it would hide the answer
        plan.notes.append(f"{grade_id} was taken from another cell than its own, which holds no answer")
    elif number in given.seen:
        plan.blank.add(grade_id)
        plan.cells.append(PlannedCell(stub, grade_id, number))


def known_written(master: Master) -> set[str]:
    """Grade ids of the questions marked by hand."""
    return {cell.grade_id for cell in master.cells if cell.kind == "written" and cell.grade_id}


def _add_written(plan: Plan, master: Master, given: _Sorted, found: list[int | None]) -> None:
    """Answers in words. Where a question's own cell holds none, text beside it is the answer; where there is other text, a person has to look."""
    after = _after(found, len(master.cells))
    used: set[int] = set()
    for number, cell in enumerate(master.cells):
        if cell.kind != "written" or not cell.grade_id:
            continue
        pieces = [one for one in given.answers.get(number, []) if one.source.strip() != cell.source.strip()]
        if not pieces:
            beside = [text for text in given.texts if text.index not in used and text.place <= number <= after[text.index]]
            used |= {text.index for text in beside}
            pieces = [StudentCell("markdown", text.source, None, text.attachments) for text in beside]
            if beside:
                plan.notes.append(f"the answer to {cell.grade_id} stood in a cell of its own")
        if pieces:
            plan.written[cell.grade_id] = _joined(pieces)
        elif any(found[own.index] is None and own.place <= number <= after[own.index] for cells in given.own.values() for own in cells):
            plan.elsewhere.add(cell.grade_id)
    plan.texts = [text for text in given.texts if text.index not in used]
    if any(_says_something(text.source) for text in plan.texts):
        plan.elsewhere |= known_written(master) - plan.written.keys()


def _after(found: list[int | None], end: int) -> list[int]:
    """For each of the student's cells the number of the next that is known."""
    after, following = [], end
    for number in reversed(found):
        after.append(following)
        following = following if number is None else number
    return after[::-1]


def _joined(pieces: list[StudentCell]) -> dict:
    """Pieces of an answer as one; pictures of one name are told apart."""
    sources, attachments = [], {}
    for count, piece in enumerate(pieces):
        source = piece.source
        for name, bundle in piece.attachments.items() if isinstance(piece.attachments, dict) else ():
            own = f"{count}-{name}" if name in attachments else name
            source = source.replace(f"(attachment:{name})", f"(attachment:{own})") if own != name else source
            attachments[own] = bundle
        sources.append(source)
    only = pieces[0].attachments if len(pieces) == 1 else attachments
    return {"source": "\n\n".join(dict.fromkeys(sources)), "attachments": only}


def _says_something(source: str) -> bool:
    """Whether a text is more than headings."""
    return any(line.strip() and not line.lstrip().startswith("#") for line in source.splitlines())


def _note_order(master: Master, cells: list[StudentCell], found: list[int | None], notes: list[str]) -> None:
    known = (number for cell, number in zip(cells, found, strict=True) if number is not None and cell.grade_id == master.cells[number].grade_id)
    sent = list(dict.fromkeys(number for number in known if master.cells[number].grade_id))
    if sorted(sent) != sent:
        notes.append("the cells were not in their order; they were run in the order of the assignment")
