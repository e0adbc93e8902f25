"""`.state/report.json`: what the last report showed, so that the next one can say what has changed since.

A report that shows nothing new leaves the record alone and says the same changes again: who makes it twice loses nothing.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .class_verdicts import ClassVerdicts

FILE = Path(".state", "report.json")
VERSION = 1


class NoRecord(Exception):
    """The record is there and cannot be used; the sentence says so."""


@dataclass(frozen=True)
class Changed:
    """The points of one student in one assignment. exercises: (name, old, new) of those that changed."""

    student: str
    assignment: str
    old: float
    new: float
    exercises: tuple[tuple[str, float | None, float | None], ...]


@dataclass
class Changes:
    """since: the moment of the earlier report, "" when this is the first. changed: the largest first. new, gone: students by assignment whose verdict came
    or went. in_need: who is new on the list of those who need help; out_of_need: who is no longer on it."""

    since: str = ""
    changed: list[Changed] = field(default_factory=list)
    new: dict[str, list[str]] = field(default_factory=dict)
    gone: dict[str, list[str]] = field(default_factory=dict)
    in_need: list[str] = field(default_factory=list)
    out_of_need: list[str] = field(default_factory=list)


State = dict[str, Any]


def state_of(classes: Sequence[ClassVerdicts], in_need: Sequence[str], moment: str) -> State:
    """What a report shows: points by assignment, student and exercise, and who needs help. moment: when, as people read it."""
    assignments = {
        found.assignment: {student: {exercise.name: exercise.points for exercise in verdict.exercises} for student, verdict in found.verdicts.items()}
        for found in classes
    }
    return {"at": moment, "points": assignments, "in_need": sorted(in_need)}


def compared(root: Path, now: State) -> tuple[Changes, dict[str, Any]]:
    """What has changed since the last report that was another, and the record to keep. Raises NoRecord."""
    record = _read(root / FILE)
    last, before = record.get("now"), record.get("before")
    if last is not None and {**last, "at": ""} == {**now, "at": ""}:
        return (_changes(before, now) if before else Changes()), {"version": VERSION, "now": last, "before": before}
    return (_changes(last, now) if last else Changes()), {"version": VERSION, "now": now, "before": last}


def keep_record(root: Path, record: Mapping[str, Any]) -> None:
    """Whole or not at all. Raises OSError."""
    path = root / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_text(json.dumps(record, separators=(",", ":")) + "\n", encoding="utf-8")
    os.replace(part, path)


def first_record(now: State) -> dict[str, Any]:
    return {"version": VERSION, "now": now, "before": None}


def _read(path: Path) -> dict[str, Any]:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        if record["version"] != VERSION:
            raise ValueError
        for state in (record["now"], record["before"]):
            _check(state)
        return record
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise NoRecord(f"{FILE} cannot be read as the record of a report: what has changed is said from this report on") from None


def _check(state: State | None) -> None:
    """Raises ValueError, KeyError, TypeError or AttributeError for what `state_of` does not make."""
    if state is None:
        return
    points = [value for students in state["points"].values() for exercises in students.values() for value in exercises.values()]
    if not all(type(value) in (int, float) for value in points) or not all(isinstance(text, str) for text in (state["at"], *state["in_need"])):
        raise ValueError


def _changes(old: State, new: State) -> Changes:
    changes = Changes(old["at"])
    for name, students in new["points"].items():
        before = old["points"].get(name, {})
        for student, exercises in students.items():
            if student not in before:
                changes.new.setdefault(name, []).append(student)
            elif before[student] != exercises:
                changes.changed.append(_changed(student, name, before[student], exercises))
    for name, students in old["points"].items():
        if gone := sorted(students.keys() - new["points"].get(name, {}).keys()):
            changes.gone[name] = gone
    changes.changed.sort(key=lambda one: (-abs(one.new - one.old), one.assignment, one.student))
    was, now = set(old["in_need"]), set(new["in_need"])
    changes.in_need, changes.out_of_need = sorted(now - was), sorted(was - now)
    return changes


def _changed(student: str, assignment: str, old: dict[str, float], new: dict[str, float]) -> Changed:
    names = [name for name in dict.fromkeys((*new, *old)) if old.get(name) != new.get(name)]
    return Changed(student, assignment, sum(old.values()), sum(new.values()), tuple((name, old.get(name), new.get(name)) for name in names))
