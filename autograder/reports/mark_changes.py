"""What a run changed in marks that were there before: a table, and files with all of them."""

import itertools
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.table import Table
from rich.text import Text

from .feedback import points_words
from .safe_csv import csv_text

FOLDER = Path(".state", "changes")
LATE_PENALTY = "late penalty"
SHOWN = 20
COLUMNS = ("student", "assignment", "exercise", "old", "new")


@dataclass(frozen=True)
class MarkChange:
    """exercise: its name, or "late penalty". old, new: points."""

    student: str
    assignment: str
    exercise: str
    old: float
    new: float


def changes_table(changes: Sequence[MarkChange]) -> Table:
    """The first of them, for a terminal."""
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for name in COLUMNS:
        table.add_column(name, justify="right" if name in ("old", "new") else "left")
    for change in changes[:SHOWN]:
        table.add_row(*(Text(words) for words in (change.student, change.assignment, change.exercise, points_words(change.old), points_words(change.new))))
    return table


def changes_csv(changes: Sequence[MarkChange]) -> str:
    return csv_text(COLUMNS, [(c.student, c.assignment, c.exercise, c.old, c.new) for c in changes])


def changes_json(changes: Sequence[MarkChange]) -> str:
    return json.dumps([asdict(change) for change in changes], indent=1, ensure_ascii=False) + "\n"


def told(root: Path, changes: Sequence[MarkChange]) -> list[str]:
    """For a log: the first changes in words. All of them are written to a file in `.state/changes/`, which the last sentence names."""
    if not changes:
        return []
    words = [f"{change.student}, {change.assignment}, {change.exercise}: {points_words(change.old)} → {points_words(change.new)}" for change in changes[:SHOWN]]
    return [*words, f"{len(changes)} marks changed; all of them: {keep(root, changes).relative_to(root)}"]


def keep(root: Path, changes: Sequence[MarkChange]) -> Path:
    """Writes the changes of a run to a file of its own."""
    folder = root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")
    path = next(path for number in itertools.count(1) if not (path := folder / f"{stamp}{f'-{number}' if number > 1 else ''}.csv").exists())
    path.write_text(changes_csv(changes), encoding="utf-8")
    return path
