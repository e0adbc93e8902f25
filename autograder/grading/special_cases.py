"""What holds for one student only: extensions and excuses, from `exceptions.csv` beside `course_config.py` or from the course's own list."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from pathlib import Path

from .dates import DateError, read_moment

FILE = "exceptions.csv"
EXTENSION, EXCUSE = "extension", "excuse"
EVERYBODY = "*"
_NEEDED = ("student", "assignment", "kind")
_COLUMNS = (*_NEEDED, "exercise", "until", "points", "reason")
_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class SpecialCaseError(ValueError):
    """An entry that cannot be taken as it is; the message says where and why."""


@dataclass(frozen=True)
class SpecialCase:
    """One entry. student: an id, or "*" for everybody; exercise: "" for the whole assignment; kind: "extension" or "excuse".

    until: the extension's end, in the zone of the assignment's due date where none is written. points: what an excused exercise gets; None for the share
    that the student has in the others. reason: for the staff, shown nowhere.
    """

    student: str
    assignment: str
    kind: str
    exercise: str = ""
    until: str = ""
    points: float | None = None
    reason: str = ""
    where: str = "course_config.py, exceptions"


@dataclass
class SpecialCases:
    """Those of one assignment, looked up by student. until: (student, exercise) → UTC without zone; excuses: (student, exercise) → entry."""

    until: dict[tuple[str, str], datetime] = field(default_factory=dict)
    excuses: dict[tuple[str, str], SpecialCase] = field(default_factory=dict)

    @property
    def students(self) -> set[str]:
        return {student for student, _ in (*self.until, *self.excuses)} - {EVERYBODY}

    def extension(self, student: str, exercise: str = "") -> datetime | None:
        """The end of an extension, the later one where several hold."""
        found = [self.until[who, exercise] for who in (student, EVERYBODY) if (who, exercise) in self.until]
        return max(found, default=None)

    def extended_exercises(self, student: str) -> dict[str, datetime]:
        names = {exercise for who, exercise in self.until if who in (student, EVERYBODY) and exercise}
        return {name: until for name in sorted(names) if (until := self.extension(student, name))}

    def excuse(self, student: str) -> SpecialCase | None:
        """That from the whole assignment."""
        return self.excuses.get((student, "")) or self.excuses.get((EVERYBODY, ""))

    def excused_exercises(self, student: str) -> dict[str, SpecialCase]:
        everybody = {exercise: case for (who, exercise), case in self.excuses.items() if who == EVERYBODY and exercise}
        return everybody | {exercise: case for (who, exercise), case in self.excuses.items() if who == student and exercise}


def all_cases(root: Path, entries: Iterable[SpecialCase]) -> list[SpecialCase]:
    """Those of the course's list, then those of the file. Raises SpecialCaseError."""
    path = root / FILE
    return [*entries, *(read_cases(path.read_bytes()) if path.is_file() else ())]


def cases_of(assignment: str, exercises: Mapping[str, float], zone: tzinfo, entries: Iterable[SpecialCase]) -> SpecialCases:
    """Those of one assignment, checked. exercises: their points; zone: where an end has none. Raises SpecialCaseError."""
    found = SpecialCases()
    for case in entries:
        if case.assignment != assignment:
            continue
        case = replace(case, exercise=case.exercise if case.exercise in exercises else case.exercise.removeprefix("test_"))
        key = (case.student, case.exercise)
        if case.exercise and case.exercise not in exercises:
            raise SpecialCaseError(f"{case.where}: {assignment} has no exercise {case.exercise!r}; it has {', '.join(exercises)}")
        if case.kind == EXTENSION:
            until = _until(case, zone)
            found.until[key] = max(until, found.until.get(key, until))
        else:
            most = exercises.get(case.exercise, 0.0)
            if case.points is not None and not 0 <= case.points <= most:
                raise SpecialCaseError(f"{case.where}: points is {case.points:g}; {case.exercise} has 0 to {most:g}")
            found.excuses[key] = case
    return found


def check_cases(entries: Iterable[SpecialCase], assignments: Iterable[str]) -> None:
    """Looks at what needs no notebook. Raises SpecialCaseError."""
    known = list(assignments)
    for case in entries:
        if case.assignment not in known:
            raise SpecialCaseError(f"{case.where}: the course has no assignment {case.assignment!r}; it has {', '.join(known)}")
        if case.kind not in (EXTENSION, EXCUSE):
            raise SpecialCaseError(f"{case.where}: kind is {case.kind!r}; it can be {EXTENSION} or {EXCUSE}")
        if case.kind == EXTENSION and not case.until:
            raise SpecialCaseError(f"{case.where}: an extension needs its end in the column until, for instance 2027-03-08 23:59")
        if case.kind == EXTENSION and case.points is not None:
            raise SpecialCaseError(f"{case.where}: an extension has no points; an excuse can have them")
        if case.kind == EXCUSE and case.until:
            raise SpecialCaseError(f"{case.where}: an excuse has no end; write extension, or leave until empty")
        if case.kind == EXCUSE and case.points is not None and not case.exercise:
            raise SpecialCaseError(f"{case.where}: points are for an exercise; who is excused from the whole assignment has none")


def read_cases(data: bytes) -> list[SpecialCase]:
    """The entries of the file: a header and one entry a line, separated by comma, semicolon or tab. Raises SpecialCaseError with the line."""
    rows = _rows(_text(data))
    number, header = next(rows, (1, []))
    names = [name.strip().lower() for name in header]
    missing = [name for name in _NEEDED if name not in names]
    if names and missing:
        raise SpecialCaseError(f"{FILE}, line {number}: there is no column {missing[0]}; the first line reads {','.join(_COLUMNS)}")
    return [_case(dict(zip(names, row, strict=False)), f"{FILE}, line {number}") for number, row in rows]


def _case(row: dict[str, str], where: str) -> SpecialCase:
    cells = {name: row.get(name, "").strip() for name in _COLUMNS}
    empty = next((name for name in _NEEDED if not cells[name]), None)
    if empty is not None:
        raise SpecialCaseError(f"{where}: {empty} is empty")
    try:
        points = float(cells["points"].replace(",", ".")) if cells["points"] else None
    except ValueError:
        raise SpecialCaseError(f"{where}: points is {cells['points']!r}, which is no number") from None
    return SpecialCase(
        cells["student"], cells["assignment"], cells["kind"].lower(), cells["exercise"], cells["until"], points, cells["reason"], where,
    )  # fmt: skip


def _text(data: bytes) -> str:
    encoding = next((name for bom, name in _BOMS.items() if data.startswith(bom)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise SpecialCaseError(f"{FILE}, line {line}: it is not text in UTF-8; save it as “CSV UTF-8”") from None


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Lines that hold something, by number. The separator is what stands most often in the header; Excel may name it in a line of its own."""
    lines = text.splitlines(keepends=True)
    skipped = 1 if lines and lines[0].lower().startswith("sep=") else 0
    header = next((line for line in lines[skipped:] if line.strip()), "")
    separator = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO("".join(lines[skipped:]), newline=""), delimiter=separator)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num + skipped, row
    except csv.Error as error:
        raise SpecialCaseError(f"{FILE}, line {reader.line_num + skipped}: {error}") from None


def _until(case: SpecialCase, zone: tzinfo) -> datetime:
    try:
        moment = read_moment(case.until, assumed=zone)
    except DateError:
        raise SpecialCaseError(f"{case.where}: until is {case.until!r}, which is no date and time: 2027-03-08 23:59 is one") from None
    if not moment.understood:
        raise SpecialCaseError(f"{case.where}: until is {case.until!r}; the zone {moment.zone!r} is not known: write the offset from UTC, for instance +08:00")
    return moment.utc
