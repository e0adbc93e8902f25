"""The plan of a submission: which cells are run, in which order, whose text, and what was repaired on the way."""

from dataclasses import dataclass, field

from .statements import same_code


@dataclass(frozen=True)
class PlannedCell:
    """One code cell to run: what fills cell `place` of the master, with `index` -1, or a cell that the student added. That one stands behind cell `place`
    (-1: ahead of all) and was the student's cell number `index`; it has a `grade_id` when it is a further copy of an answer."""

    source: str
    grade_id: str | None = None
    place: int = -1
    index: int = -1


@dataclass(frozen=True)
class OwnText:
    """A Markdown or raw cell of the student's own; it stands where a PlannedCell with its `place` and `index` would."""

    source: str
    attachments: object = None
    place: int = -1
    index: int = 0


@dataclass
class Plan:
    """cells in order; files that lie beside the notebook; blank: grade ids of solutions left as they were; absent: those that
    are gone; notes: sentences on repairs; written: {grade id: {"source", "attachments"}} of the questions marked by hand; checks: how many of the
    cells stand above the check of each exercise; texts: the student's own Markdown; elsewhere: grade ids of questions whose cell holds no answer while
    other cells may; answered: grade ids of the solutions that hold an answer."""

    cells: list[PlannedCell]
    files: dict[str, bytes] = field(default_factory=dict)
    blank: set[str] = field(default_factory=set)
    absent: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    written: dict[str, dict] = field(default_factory=dict)
    checks: dict[str, int] = field(default_factory=dict)
    texts: list[OwnText] = field(default_factory=list)
    elsewhere: set[str] = field(default_factory=set)
    answered: set[str] = field(default_factory=set)


__all__ = ["OwnText", "Plan", "PlannedCell", "same_code"]
