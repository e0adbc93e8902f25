"""The top of a feedback page: a row an exercise, what to mend first, when it was handed in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from ..grading.dates import zone_words
from ..judge.verdict import CriterionResult, ExerciseResult
from .feedback import points_words
from .graded_notebook import is_idle

EXCUSED = "Excused:"
ADVICE_ON_UNREADABLE = (
    "Open the notebook that you handed in with JupyterLab. If it opens, save it there and ask the staff whether they take that file; "
    "if it does not, look for an earlier copy. If everything looks right to you, show them this page."
)


@dataclass(frozen=True)
class Row:
    """What carries a mark. name: of the exercise; title: as the notebook calls it; most: points to reach, of a question extra credit. result: what the
    grader found, None for a question. by_hand: a mark that a person gave instead of the grader; excused: why the points are what they are."""

    name: str
    title: str
    points: float
    most: float
    result: ExerciseResult | None = None
    is_question: bool = False
    is_marked: bool = True
    by_hand: bool = False
    excused: str = ""

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return min(1.0, max(0.0, self.points / self.most)) if self.most else 0.0

    @property
    def is_idle(self) -> bool:
        """Whether nothing of it was attempted, or it is extra credit of which there is none yet."""
        return not self.is_marked or (self.is_question and not self.points) or (self.result is not None and is_idle(self.result) and not self.points)

    @property
    def look(self) -> str:
        """full, some, none or idle."""
        return "idle" if self.is_idle else "full" if self.share >= 1 else "some" if self.points > 0 else "none"

    @property
    def words(self) -> str:
        """8 of 10; 3 of 4, extra credit; not marked yet, up to 4 points of extra credit."""
        if not self.is_marked:
            return f"not marked yet, up to {_counted(self.most)} of extra credit" if self.most else "not marked yet"
        if not self.most:
            return f"{points_words(self.points)}, extra credit"
        return f"{points_words(self.points)} of {points_words(self.most)}" + (", extra credit" if self.is_question else "")

    @property
    def short(self) -> str:
        """As `words`, for a narrow column; `remark` has the rest."""
        return self.words.partition(",")[0]

    @property
    def remark(self) -> str:
        """A few words more; "" for none."""
        if self.excused:
            return "excused"
        if self.by_hand:
            return f"marked by hand; the grader gave {points_words(self.result.points)}" if self.result else "marked by hand"
        if self.result is None or not self.result.criteria:
            return self.words.partition(", ")[2]
        if self.is_idle:
            return "not attempted"
        if all(criterion.reason == "unreadable" for criterion in self.result.criteria):
            return ""
        held = sum(criterion.passed for criterion in self.result.criteria)
        return "" if held == len(self.result.criteria) else f"{held} of {len(self.result.criteria)} criteria hold"


@dataclass(frozen=True)
class Mend:
    """The criterion whose repair brings most, None for an exercise that was not attempted. points: what it is worth, with those that follow from it;
    following: how many these are."""

    row: Row
    criterion: CriterionResult | None
    points: float
    following: int = 0

    @property
    def worth(self) -> str:
        """The sentence on the points."""
        if self.criterion is None:
            return f"It is worth {_counted(self.points)}."
        more = "one more criterion follows from it" if self.following == 1 else f"{self.following} more criteria follow from it"
        return f"{_counted(self.points)} hang{'s' if self.points == 1 else ''} on it{f', {more}' if self.following else ''}."


def mend_first(rows: Iterable[Row]) -> Mend | None:
    """What was tried and failed, and hangs most points; of equals the first in the notebook, which later exercises may be built on. Only when nothing of
    that kind is left, the first exercise that was not attempted. None when all criteria hold."""
    found: list[Mend] = []
    idle: list[Row] = []
    for row in rows:
        if row.result is None or row.excused or row.by_hand:
            continue
        for criterion in row.result.criteria:
            if criterion.passed or criterion.because:
                continue
            if criterion.reason == "not attempted":
                idle.append(row)
                continue
            following = [each for each in row.result.criteria if each.because == criterion.title and not each.passed]
            found.append(Mend(row, criterion, sum(map(row.result.points_of, [criterion, *following])), len(following)))
    if found:
        return max(found, key=lambda mend: round(mend.points, 6))
    return Mend(idle[0], None, idle[0].most) if idle else None


def lateness_words(
    handed_in: datetime | None, due: datetime | None, extension: timedelta | None, penalty: float, zone: tzinfo = UTC
) -> str:  # fmt: skip
    """When it was handed in, whether that was late, and what lateness costs. Times are UTC without zone, shown in `zone`."""
    cost = f"−{points_words(penalty)} points" if penalty else ""
    if handed_in is None:
        return f"Late: {cost}." if cost else "No time of handing in is known; it counts as in time."
    when = f"Handed in on {_shown(handed_in, zone)}"
    end = due + (extension or timedelta()) if due is not None else None
    if due is None or end is None:
        return f"{when}{f', {cost} for lateness' if cost else ''}."
    if handed_in > end:
        return f"{when}, {_span(handed_in - end)} late: {cost or 'it costs nothing'}."
    late = f": {cost} for lateness" if cost else ""
    return f"{when}, in time{f' (your extension runs to {_shown(end, zone)})' if handed_in > due else ''}{late}."


def _counted(points: float) -> str:
    return f"{points_words(points)} point{'' if points == 1 else 's'}"


def _shown(moment: datetime, zone: tzinfo) -> str:
    there = moment.replace(tzinfo=UTC).astimezone(zone)
    return f"{there.day} {there:%B %Y}, {there:%H:%M} ({zone_words(zone, there)})"


def _span(span: timedelta) -> str:
    minutes = -(-int(span.total_seconds()) // 60)
    if minutes < 1:
        return "less than a minute"
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [f"{number} {word}{'s' if number > 1 else ''}" for number, word in ((days, "day"), (hours, "hour"), (minutes, "minute")) if number]
    return " ".join(parts[:2])
