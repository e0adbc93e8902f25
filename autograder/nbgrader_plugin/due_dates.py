"""Which due date holds: that of `course_config.py` or that of nbgrader's gradebook, which formgrader and `nbgrader db assignment add --duedate` change.

`.state/due_dates.json` holds what both said when they were last looked at. Whichever has changed since then is the newer will. Where both have, or nothing
is remembered, `course_config.py` holds, with a sentence. Grades are given by the gradebook's date alone, so it is written there.
"""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.api import Assignment

from ..grading.course import CONFIG, Course
from ..grading.dates import zone_words

FILE = Path(".state", "due_dates.json")


UNKNOWN = "?"


@dataclass(frozen=True)
class Remembered:
    """What was said when it was last looked at, as ISO texts in UTC, "" for no date. identity: the row of the gradebook, another one in a new gradebook.

    extended: students whose extension in the gradebook is the course's. before: dates by which penalties were given that have not been looked at since,
    "?" for one that nobody knows.
    """

    identity: str
    config: str
    gradebook: str
    extended: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()


def reconcile(course: Course, row: Assignment) -> tuple[Remembered, list[str]]:
    """Sets the due date of an assignment's row to the one that holds; nothing is committed. Returns what to remember when it is, and sentences where the
    instructor should know."""
    config, gradebook = course.due_of(row.name), row.duedate
    old = recall(course.root, row.name)
    if old is not None and old.identity != row.id:
        old = None
    row.duedate, words = _choose(course, row.name, old, config, gradebook)
    before = {_text(gradebook), *((old.gradebook, *old.before) if old else [UNKNOWN] if row.submissions else ())} - {_text(row.duedate), ""}
    return Remembered(row.id, _text(config), _text(row.duedate), old.extended if old else frozenset(), frozenset(before)), words


def _choose(course: Course, name: str, old: Remembered | None, config: datetime | None, gradebook: datetime | None) -> tuple[datetime | None, list[str]]:
    if config == gradebook:
        return config, []
    by_config = old is not None and old.config != _text(config)
    by_gradebook = old is not None and old.gradebook != _text(gradebook)
    if old is None and not (config and gradebook):
        return config or gradebook, []
    if old is None:
        return config, [f"{name}: {CONFIG} and the gradebook name different due dates; {_said(course, name, config)} of {CONFIG} holds"]
    if by_config and by_gradebook:
        return config, [f"{name}: the due date was changed in {CONFIG} and in the gradebook; {_said(course, name, config)} of {CONFIG} holds"]
    if by_config:
        return config, []
    return gradebook, [
        f"{name}: {_said(course, name, gradebook)}, as set in the gradebook, holds; {CONFIG}, unchanged since, has {_said(course, name, config)}. "
        "Change it there and that holds again"
    ]


def _said(course: Course, name: str, due: datetime | None) -> str:
    """In the zone that the course's dates are written in."""
    if due is None:
        return "no due date"
    zone = course.zone_of(name)
    local = due + (zone.utcoffset(due) or (due - due))
    return f"the due date {local:%Y-%m-%d %H:%M:%S} {zone_words(zone, due)}"


def recall(root: Path, name: str) -> Remembered | None:
    """None when nothing is remembered."""
    record = _read(root).get(name)
    if record is None:
        return None
    try:
        return Remembered(**{**record, "extended": frozenset(record["extended"]), "before": frozenset(record["before"])})
    except (KeyError, TypeError):
        return None


def remember(root: Path, name: str, what: Remembered) -> None:
    """Writes it down. Called when the gradebook is committed: a run killed in between looks at both dates again, with the same result."""
    path, records = root / FILE, _read(root)
    record = {**vars(what), "extended": sorted(what.extended), "before": sorted(what.before)}
    if records.get(name) == record:
        return
    path.parent.mkdir(exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_text(json.dumps({**records, name: record}, indent=1), encoding="utf-8")
    os.replace(part, path)


def _read(root: Path) -> dict[str, Any]:
    try:
        records = json.loads((root / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return records if isinstance(records, dict) else {}


def _text(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
