"""Pieces of the class report's HTML: tables, lists of people, words for numbers. All text is escaped here."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from .feedback import points_words

IN_LINE = 6  # people named in a line; more unfold
KEPT_WHOLE, KEPT_FIRST = 14, 28  # characters; of the first column


@dataclass
class People:
    """How students are called: by name where it is known, with the id where two share it, else by id. most: names in one list, None for all."""

    names: Mapping[str, str] = field(default_factory=dict)
    most: int | None = None

    def __post_init__(self) -> None:
        self._bearers = Counter(self.names.values())

    def label(self, student: str) -> str:
        name = self.names.get(student, "")
        return student if not name else name if self._bearers[name] == 1 else f"{name} ({student})"

    def full(self, student: str) -> str:
        """Name and id, as HTML."""
        name = self.names.get(student, "")
        return f"{escape(name)} <small>{escape(student)}</small>" if name else escape(student)

    def listed(self, students: Iterable[str]) -> str:
        """As HTML. Who does not fit is counted."""
        labels = sorted((self.label(student) for student in students), key=str.casefold)
        more = len(labels) - self.most if self.most is not None and len(labels) > self.most else 0
        return escape(", ".join(labels[: self.most])) + (f" and {more} more" if more else "")

    def folded(self, students: Sequence[str]) -> str:
        """In a line, or unfolding when there are many."""
        if len(students) <= IN_LINE:
            return f'<p class="who">{self.listed(students)}</p>'
        return f'<details class="who"><summary>{counted(len(students), "student")}</summary><p>{self.listed(students)}</p></details>'


def counted(number: int, noun: str) -> str:
    """1 student, 2 students."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def counted_points(points: float) -> str:
    """1 point, 2.5 points."""
    words = points_words(round(points, 1))
    return f"{words} point{'' if words == '1' else 's'}"


def joined(words: Sequence[str]) -> str:
    """a, b and c."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def percent(share: float) -> str:
    """Whole percents; what is there is never 0 %."""
    return "<1 %" if 0 < share < 0.5 else f"{share:.0f} %"


def decimal(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}".replace("-", "−")


def duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


@dataclass(frozen=True)
class Markup:
    """A cell that is HTML already."""

    html: str


Cell = str | Markup


def table(head: Sequence[str], rows: Iterable[Sequence[Cell]], numbers: Sequence[int] = ()) -> str:
    """Text is escaped; short cells are not broken. Scrolls by itself where it is wider than the page."""

    def cell(tag: str, i: int, content: Cell) -> str:
        text = content.html if isinstance(content, Markup) else escape(content)
        short = isinstance(content, str) and len(content) <= (KEPT_WHOLE if i else KEPT_FIRST)
        kind = ' class="n"' if i in numbers else ' class="k"' if short else ""
        return f"<{tag}{kind}>{text}</{tag}>"

    lines = "".join("<tr>" + "".join(cell("td", i, content) for i, content in enumerate(row)) + "</tr>\n" for row in rows)
    top = "".join(cell("th", i, content) for i, content in enumerate(head))
    return f'<div class="wide"><table><thead><tr>{top}</tr></thead><tbody>{lines}</tbody></table></div>'
