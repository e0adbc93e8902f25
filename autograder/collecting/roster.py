"""The roster: a CSV with one student a line, as a spreadsheet, Canvas, Moodle or Gradescope saves it.

Columns are known by their headers, whatever their case and spaces; without ids emails are the ids. Canvas's gradebook, Moodle's participants and grading
worksheet, Gradescope's roster and nbgrader's own list can be given as they are.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from ..grading.dates import DateError, read_moment
from .errors import CollectError
from .labels import wrong_id

IDS = (
    "studentid",
    "username",
    "sisloginid",
    "loginid",
    "login",
    "idnumber",
    "sisuserid",
    "sid",
    "studentnumber",
    "matriculationnumber",
    "学号",
    "github",
    "githubusername",
    "gitlab",
)
NAMES = ("name", "fullname", "studentname", "姓名")
FIRST, LAST = ("firstname", "givenname", "vorname", "名"), ("lastname", "surname", "familyname", "nachname", "姓")
EMAIL = ("email", "emailaddress", "mail", "邮箱")
TIME = ("lastmodifiedsubmission", "submittedat", "submitted", "submissiontime", "timesubmitted")
NUMBERS = {
    "canvas": ("canvasid", "canvasuserid", "lmsuserid"),
    "moodle": ("moodleid", "identifier", "participantid", "participant"),
    "gradescope": ("gradescopeid",),
}  # fmt: skip
NO_STUDENT = ("points possible", "student, test")
MAX_BYTES = 16 << 20
_CHINESE = re.compile(rb"[\xa1-\xf7][\xa1-\xfe]")
_CHINESE_TIME = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日\D*?(上午|下午|中午|凌晨|晚上)?\s*(\d{1,2})[:：](\d{2})")
_DAY_OR_MONTH = re.compile(r"\b(?:0?[1-9]|1[0-2])/(?:0?[1-9]|1[0-2])/\d{2,4}\b")
_WORDS_OF_MOODLE = re.compile(r"^\D*(?=\d+$)")


@dataclass(frozen=True)
class Student:
    """numbers: ids of learning platforms, by system; aliases: other ids of the line; handed_in: when, where the roster tells; unread_time: what stands
    there instead of a time; where: its line."""

    id: str
    name: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    numbers: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    handed_in: datetime | None = None
    unread_time: str = ""
    where: str = ""

    @property
    def names(self) -> list[str]:
        """The ways in which the roster writes the name in one row."""
        last, comma, first = self.name.partition(",")
        turned = [f"{first} {last}"] if comma else []
        whole = [f"{self.first_name} {self.last_name}", f"{self.last_name} {self.first_name}"] if self.first_name or self.last_name else []
        return [name for name in (self.name, *turned, *whole) if name.strip()]

    @property
    def turned_names(self) -> list[str]:
        """The same with any of the words first, as where the family name is."""
        words = [name.replace(",", " ").split() for name in self.names]
        return [" ".join([*parts[i:], *parts[:i]]) for parts in words for i in range(len(parts))]


def read_roster(path: Path, zone: tzinfo) -> list[Student]:
    """zone: of times that are written without one. Raises CollectError."""
    try:
        data = path.read_bytes() if path.stat().st_size <= MAX_BYTES else None
    except OSError as error:
        raise CollectError(f"the roster {path} cannot be read: {error.strerror}") from None
    if data is None:
        raise CollectError(f"the roster {path} has more than {MAX_BYTES >> 20} MB: is it a CSV with one student a line?")
    if data.startswith(b"PK\3\4"):
        raise CollectError(f"the roster {path.name} is a workbook, not a CSV: save it as “CSV UTF-8”")
    rows = _rows(decoded(data), path.name)
    _, header = next(rows, (1, []))
    columns = _columns([re.sub(r"[\W_]+", "", name).casefold() for name in header])
    if "id" not in columns:
        has = ", ".join(name.strip() for name in header if name.strip()) or "nothing"
        raise CollectError(f"the roster {path.name} has no column with ids: name one id (or username, SIS Login ID, ID number, SID, email); it has {has}")
    students: dict[str, Student] = {}
    for number, row in rows:
        student = _student(row, columns, f"{path.name}, line {number}", zone)
        if student is None:
            continue
        other = students.setdefault(student.id.casefold(), student)
        if other is not student:
            raise CollectError(f"{student.where}: the id {student.id!r} stands at {other.where} as well: each student needs one of their own")
    if not students:
        raise CollectError(f"the roster {path.name} names no students: there is nothing below its header")
    return list(students.values())


def decoded(data: bytes) -> str:
    """Text as spreadsheets save it: UTF-8, UTF-16, or the encoding that was usual before, Western or Chinese."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    if b"\0" in data[:2]:
        return data.decode("utf-16-be" if data[:1] == b"\0" else "utf-16-le", errors="replace")
    try:
        return data.decode()
    except UnicodeDecodeError:
        beyond = sum(byte >= 0x80 for byte in data)
        # An accented letter mostly stands alone between plain ones; Chinese characters are pairs of such bytes.
        is_chinese = 2 * len(_CHINESE.findall(data)) >= 0.8 * beyond
        return data.decode("gb18030" if is_chinese else "cp1252", errors="replace")


def _rows(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
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
        raise CollectError(f"{name}, line {reader.line_num + skipped}: {error}") from None


def _columns(names: list[str]) -> dict[str, list[int]]:
    """Where each thing stands; several columns of ids in the order in which one is taken."""

    def at(*wanted: str) -> list[int]:
        return [names.index(name) for name in wanted if name in names]

    of_canvas = "id" in names and any(name in names for name in ("sisloginid", "sisuserid"))
    ids = at(*IDS) if of_canvas else at("id", *IDS)
    found = {"id": ids, "name": at(*NAMES), "first": at(*FIRST), "last": at(*LAST), "email": at(*EMAIL), "time": at(*TIME)}
    found |= {system: at(*headers) for system, headers in NUMBERS.items()}
    if of_canvas:
        found["canvas"] += at("id")
    if "student" in names:
        found["name" if ids else "id"] += at("student")
    found["id"] = found["id"] or found["email"]
    return {what: where for what, where in found.items() if where}


def _student(row: list[str], columns: Mapping[str, list[int]], where: str, zone: tzinfo) -> Student | None:
    def cells(what: str) -> list[str]:
        # A spreadsheet keeps a formula from running with an apostrophe.
        return [cell for i in columns.get(what, ()) if i < len(row) and (cell := row[i].strip().removeprefix("'").strip())]

    def one(what: str) -> str:
        return next(iter(cells(what)), "")

    if one("name").casefold() in NO_STUDENT or (one("last"), one("first")) == ("Student", "Test"):
        return None
    ids = cells("id")
    if not ids:
        raise CollectError(f"{where}: the student has no id; write one, or take the line out")
    wrong = wrong_id(ids[0])
    if wrong:
        raise CollectError(f"{where}: the id {ids[0]!r} {wrong}; write another one")
    numbers = {system: _WORDS_OF_MOODLE.sub("", one(system)) for system in NUMBERS if one(system)}
    written = one("time") if any(c.isdigit() for c in one("time")) else ""  # Moodle writes "-" where nothing was handed in
    time = _moment(written, zone) if written else None
    return Student(
        ids[0], one("name"), one("first"), one("last"), one("email"), numbers, tuple(ids[1:]), time, "" if time else written, where,
    )  # fmt: skip


def _moment(text: str, zone: tzinfo) -> datetime | None:
    """None for what cannot be read, or may be read in two ways, as 3/4/2027."""
    chinese = _CHINESE_TIME.search(text)
    if chinese:
        year, month, day, half, hour, minute = chinese.groups()
        late = half in ("下午", "晚上") or (half == "中午" and int(hour) < 11)
        text = f"{year}-{month}-{day} {int(hour) % 12 + 12 if late else int(hour) % 12 if half in ('上午', '凌晨') else int(hour):02}:{minute}"
    elif _DAY_OR_MONTH.search(text):
        return None
    try:
        return read_moment(text, assumed=zone, unknown=zone, loosely=True).utc.replace(tzinfo=UTC)
    except DateError:
        return None
