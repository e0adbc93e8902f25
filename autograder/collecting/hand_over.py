"""Lays a student's hand-in into `submitted/<student>/<assignment>/`, under the name that the course gave the notebook.

What stands there is replaced only by something newer, and is then kept in `.state/replaced/<student>/<assignment>/`. `.state/collected/` remembers what
was laid out, so that the same hand-in again changes nothing, whatever has been mended in the folder since.
"""

import hashlib
import os
import re
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from ..grading.course import Course
from ..grading.dates import DateError, read_moment
from ..notebooks.hand_in import HandIn, NoNotebook, read_hand_in
from ..notebooks.reader import MAX_BYTES, Unreadable
from .attempt import Attempt
from .bundle import Incoming
from .errors import shown
from .known_ids import read_json, record_file, write_json

STAMP = "timestamp.txt"
STATE = ".state"
MAX_FILES, MAX_HAND_IN_BYTES, MAX_PART_BYTES = 500, 256 << 20, 200
TAKEN, REPLACED, UNCHANGED, OLDER, UNCLEAR, FAILED = "taken", "replaced", "unchanged", "older", "unclear", "failed"


@dataclass
class Outcome:
    """What became of one student's hand-in. what: one of the words above; kept: where what stood there lies now; is_whole: whether all
    files came along; notes: for the instructor."""

    student: str
    what: str
    time: datetime | None = None
    files: int = 0
    kept: Path | None = None
    is_whole: bool = True
    notes: list[str] = field(default_factory=list)

    @property
    def is_problem(self) -> bool:
        return self.what in (UNCLEAR, FAILED) or not self.is_whole


class HandOver:
    """One assignment. scratch: an empty folder on the disk of the course; nothing else is written with dry_run."""

    def __init__(self, course: Course, assignment: str, system: str, scratch: Path, dry_run: bool):
        self.course, self.assignment, self.system, self.dry_run = course, assignment, system, dry_run
        self.master, self.scratch = course.master(assignment), scratch
        self._record_file = record_file(course.root, assignment)
        self._record = read_json(self._record_file)

    def lay_out(self, student: str, attempt: Attempt) -> Outcome:
        """Never raises for what a student did; OSError for a disk that is full."""
        outcome = self._lay_out(student, attempt)
        if outcome.what in (TAKEN, REPLACED, UNCHANGED) and student in self._record:
            self._record[student] |= {"number": attempt.person.number, "name": attempt.person.name}
        return outcome

    def _lay_out(self, student: str, attempt: Attempt) -> Outcome:
        outcome = Outcome(student, FAILED, attempt.time, notes=list(attempt.notes))
        target = self.course.root / "submitted" / student / self.assignment
        if any(path.is_symlink() or (path.exists() and not path.is_dir()) for path in (target.parent.parent, target.parent, target)):
            outcome.notes.append(f"submitted/{student}/{self.assignment} is a link or a file: take it away")
            return outcome
        contents = self._contents(attempt.files, outcome)
        if contents is None:
            return outcome
        outcome.files, digest = len(contents), _digest(contents)
        record = self._record.get(student)
        record = record if isinstance(record, dict) else {}
        if target.is_dir() and record.get("digest") == digest:
            return self._again(outcome, target, attempt, record, digest)
        folder = self.scratch / student
        _write(folder, contents, outcome)
        self._name_notebook(folder, outcome)
        if target.is_dir() and any(target.iterdir()):
            if _digest(_read(folder)) == _digest(_read(target)):
                self._enter(student, attempt, digest)
                return self._again(outcome, target, attempt, record, digest)
            outcome.what = self._which_is_newer(attempt, record, target)
            if outcome.what != REPLACED:
                if outcome.what == UNCLEAR:
                    outcome.notes.append(
                        f"submitted/{student}/{self.assignment} holds something else, and which is newer is not known: remove it to take this one"
                    )
                return outcome
            outcome.kept = self._place_for_old(student, target)
        else:
            outcome.what = TAKEN
        if attempt.time is not None:
            (folder / STAMP).write_text(_stamp(attempt.time))
        if not self.dry_run:
            self._place(folder, target, outcome.kept)
            self._enter(student, attempt, digest)
        return outcome

    def _again(self, outcome: Outcome, target: Path, attempt: Attempt, record: dict[str, Any], digest: str) -> Outcome:
        """The same as before. A time that was not known then is written, unless somebody has written another meanwhile."""
        outcome.what = UNCHANGED
        stamp = target / STAMP
        if attempt.time is None or stamp.is_symlink() or (stamp.exists() and not stamp.is_file()):
            return outcome
        standing = stamp.read_bytes()[:100].decode(errors="replace") if stamp.exists() else None
        if standing == _stamp(attempt.time) or standing != record.get("guess"):
            return outcome
        outcome.notes.append(f"its time is known now: {_stamp(attempt.time).strip()}")
        if not self.dry_run:
            stamp.write_text(_stamp(attempt.time))
            self._enter(outcome.student, attempt, digest)
        return outcome

    # -- files ----------------------------------------------------------------------------------------------------------

    def _contents(self, files: list[Incoming], outcome: Outcome) -> dict[str, bytes] | None:
        """By safe paths, within limits; notebooks first. Time stamps are never a student's own. None when there is nothing, or something is damaged."""
        contents: dict[str, bytes] = {}
        left: list[str] = []
        size = 0
        for file in sorted(files, key=lambda file: (not file.name.lower().endswith(".ipynb"), file.size, file.name)):
            name = _safe_path(file.name)
            if PurePosixPath(name).name.lower() == STAMP:
                continue
            if len(contents) >= MAX_FILES or file.size > MAX_BYTES or size + file.size > MAX_HAND_IN_BYTES or name in contents:
                left.append(file.name)
                continue
            try:
                contents[name] = file.read()
                size += len(contents[name])
            except Unreadable as error:
                outcome.notes.append(str(error))
                return None
        if not contents:
            outcome.notes.append("there are no files in what was handed in" if not left else f"all files are beyond the limits: {shown(left[0])}")
            return None
        if left:
            outcome.is_whole = False
            more = f" and {len(left) - 3} more" if len(left) > 3 else ""
            limit = f"{MAX_BYTES >> 20} MB a file, {MAX_HAND_IN_BYTES >> 20} MB and {MAX_FILES} files in all"
            outcome.notes.append(f"beyond the limits ({limit}) and left out: {', '.join(map(shown, left[:3]))}{more}")
        return contents

    def _name_notebook(self, folder: Path, outcome: Outcome) -> None:
        """The notebook of the assignment lies at the top, under its own name; its folder or archive comes along."""
        try:
            found = read_hand_in(folder, self.master, self.course.masters)
        except NoNotebook as error:
            outcome.notes.append(f"no notebook: {error}")
            return
        if found.plan is None:
            outcome.notes.append(found.unreadable)
        if found.others:
            outcome.notes.append(f"of several notebooks {shown(found.file.name)} holds most answers or is the newest")
        wanted = folder / self.master.notebook
        if wanted.exists() or found.is_another:
            return
        if found.file.path is not None and found.file.path.suffix.lower() == ".zip":
            _out_of_archive(found, folder, wanted)
            return
        here = folder / PurePosixPath(found.file.name).parent
        if here != folder:
            for path in sorted(here.iterdir()):
                if not (folder / path.name).exists():
                    path.rename(folder / path.name)
            here = folder if not (here / PurePosixPath(found.file.name).name).exists() else here
        (here / PurePosixPath(found.file.name).name).rename(wanted)

    # -- which is newer -------------------------------------------------------------------------------------------------

    def _which_is_newer(self, attempt: Attempt, record: dict[str, Any], target: Path) -> str:
        order, before = attempt.order, record.get("order")
        if record.get("from") != self.system or order is None or not isinstance(before, int | float):
            order, before = (attempt.time.timestamp() if attempt.time else None), _time_of(target)
        if order is None or before is None:
            return UNCLEAR
        return REPLACED if order > before else OLDER if order < before else UNCLEAR

    def _place_for_old(self, student: str, target: Path) -> Path:
        time = _time_of(target)
        name = f"{datetime.fromtimestamp(time, UTC):%Y-%m-%dT%H%M%SZ}" if time is not None else "undated"
        folder, number = Path(STATE, "replaced", student, self.assignment), 1
        while (self.course.root / folder / (place := name if number == 1 else f"{name}-{number}")).exists():
            number += 1
        return folder / place

    def _place(self, folder: Path, target: Path, kept: Path | None) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        if kept is not None:
            (self.course.root / kept).parent.mkdir(parents=True, exist_ok=True)
            os.rename(target, self.course.root / kept)
        os.rename(folder, target)

    def _enter(self, student: str, attempt: Attempt, digest: str) -> None:
        if not self.dry_run:
            guess = {"guess": _stamp(attempt.time)} if attempt.is_guess and attempt.time else {}
            self._record[student] = {"from": self.system, "order": attempt.order, "digest": digest, **guess}

    def close(self) -> None:
        """Writes down what was laid out."""
        if not self.dry_run and self._record != read_json(self._record_file):
            write_json(self._record_file, self._record)


def _safe_path(name: str) -> str:
    return "/".join(_safe_part(part) for part in PurePosixPath(name).parts if part not in ("..", "/")) or "file"


def _safe_part(part: str) -> str:
    text = re.sub(r"[\x00-\x1f\x7f\ud800-\udfff\ufffd]", "_", part)
    while len(text.encode()) > MAX_PART_BYTES:
        stem, dot, ending = text.rpartition(".")
        text = f"{stem[:-1]}.{ending}" if dot and len(ending) < 20 and len(stem) > 1 else text[:-1]
    return text


def _write(folder: Path, contents: dict[str, bytes], outcome: Outcome) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, data in contents.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        except (FileExistsError, NotADirectoryError, IsADirectoryError):
            outcome.notes.append(f"{shown(name)} was left out, since a file and a folder bear one name")


def _out_of_archive(found: HandIn, folder: Path, wanted: Path) -> None:
    wanted.write_bytes(found.data)
    for name, read in list(found.file.beside().items())[:MAX_FILES]:
        path = folder / _safe_part(name)
        if name.lower() != STAMP and not name.lower().endswith(".ipynb") and not path.exists():
            try:
                path.write_bytes(read())
            except Unreadable:
                continue


def _read(folder: Path) -> dict[str, bytes]:
    """Regular files; a link or pipe counts by its name."""
    contents = {}
    for path in sorted(folder.rglob("*")):
        if path.name != STAMP and not (path.is_dir() and not path.is_symlink()):
            contents[path.relative_to(folder).as_posix()] = path.read_bytes() if path.is_file() and not path.is_symlink() else b"\0"
    return contents


def _digest(contents: dict[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(contents):
        digest.update(f"{name}\0{len(contents[name])}\0".encode(errors="replace") + contents[name])
    return digest.hexdigest()


def _stamp(time: datetime) -> str:
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC\n"


def _time_of(folder: Path) -> float | None:
    """The time stamp of what stands there, in seconds."""
    path = folder / STAMP
    if path.is_symlink() or not path.is_file():
        return None
    try:
        return read_moment(path.read_bytes()[:100].decode("utf-8-sig", errors="replace"), loosely=True).utc.replace(tzinfo=UTC).timestamp()
    except DateError:
        return None
