"""An autograded notebook as its feedback page shows it: part by part, each exercise with its answer and what the grader found, and the prose folded."""

import re
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode

from ..grading.course import Course
from ..judge.verdict import Verdict
from ..notebooks.written import POINTS
from ..reports.feedback import points_words
from ..reports.feedback_summary import ADVICE_ON_UNREADABLE, EXCUSED, Mend, Row, lateness_words, mend_first
from ..runs.verdicts import load_verdict
from .feedback_state import State

_HEADING = re.compile(r"^(#{1,4})\s+(.+?)\s*#*$", re.MULTILINE)
_QUESTION = re.compile(r"^\*\*((?:Written )?Question\b[^*\n]*)\*\*\s*([^\n]*)", re.MULTILINE | re.IGNORECASE)
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_MARKS = re.compile(r"(\$[^$\n]+\$)|[`*]+|\[([^\]]*)\]\([^)]*\)")  # formulas stay
_WORDS = 60  # characters of a title that is made of a text's beginning


@dataclass
class Part:
    """kind: "exercise" or "question" with a row, "prose" (folded), "own" (the student's own cells). told: prose that belongs to the exercise, folded in it."""

    kind: str
    title: str = ""
    row: Row | None = None
    cells: list[NotebookNode] = field(default_factory=list)
    told: list[NotebookNode] = field(default_factory=list)

    @property
    def groups(self) -> list[tuple[bool, list[NotebookNode]]]:
        """Cells in the order of the page, and whether they are folded."""
        return [(folded, cells) for folded, cells in ((True, self.told), (False, self.cells)) if cells]


@dataclass
class Page:
    """notes: what was repaired, which cells ended early; unreadable: why nothing could be read, "" for what could."""

    student: str
    course: str
    title: str
    points: float
    most: float
    lateness: str
    is_late: bool
    rows: list[Row] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    mend: Mend | None = None
    unreadable: str = ""
    advice: str = ADVICE_ON_UNREADABLE

    @property
    def share(self) -> float:
        return min(1.0, max(0.0, self.points / self.most)) if self.most else 0.0

    @property
    def is_whole(self) -> bool:
        """Whether every criterion is known, and holds."""
        results = [row.result for row in self.rows if not row.is_question]
        return bool(results) and all(result is not None and result.passed for result in results)


def page_of(course: Course, assignment: str, student: str, notebook: NotebookNode, info: dict[str, Any], state: State) -> Page:
    """The page of a notebook into which nbgrader has written scores and comments. info: nbgrader's resources: score, max_score and late_penalty."""
    verdict = load_verdict(course.root, assignment, student)
    page = Page(
        state.name or student, course.title, course.assignment(assignment).title if assignment in course.names else assignment,
        float(info.get("score") or 0), float(info.get("max_score") or 0),
        lateness_words(state.handed_in, state.due, state.extension, state.penalty, course.zone_of(assignment)), bool(state.penalty),
    )  # fmt: skip
    if verdict is not None:
        page.notes = verdict.about
        if _is_unreadable(verdict):
            page.unreadable, page.notes = verdict.notes[0] if verdict.notes else "the notebook could not be read", verdict.notes[1:]
    page.parts = _Sorter(verdict, state).sorted(notebook.cells)
    page.rows = [part.row for part in page.parts if part.row]
    page.mend = None if page.unreadable else mend_first(page.rows)
    if page.unreadable:
        page.parts = [part for part in page.parts if any(comment_of(cell) not in ("", "No response.") for cell in part.cells)]
    return page


def comment_of(cell: NotebookNode) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("comment") or "")


def plain_title(text: str) -> str:
    """A heading without the marks of Markdown and the points that it names."""
    text = re.sub(r"\s*[(（][^()（）]*\d\s*points?\b[^()（）]*[)）]\s*", " ", text) if POINTS.search(text) else text
    return _MARKS.sub(lambda found: found[1] or found[2] or "", text).strip(" .:").replace(" :", ":")


class _Sorter:
    """Goes through the cells once. What is told before an answer belongs to its exercise."""

    def __init__(self, verdict: Verdict | None, state: State):
        self.results = {result.name: result for result in verdict.exercises} if verdict else {}
        self.has_verdict, self.state = verdict is not None, state
        self.marks = {entry.cell: entry for entry in state.entries}
        self.parts: list[Part] = []
        self.told: list[NotebookNode] = []
        self.answer: Part | None = None

    def sorted(self, cells: list[NotebookNode]) -> list[Part]:
        for cell in cells:
            self._clean(cell)
            about = cell.metadata.get("nbgrader", {})
            if about.get("grade") and not about.get("solution"):
                self._check(cell, about)
            elif about.get("grade") or about.get("task"):
                self._question(cell, about)
            elif about.get("solution"):
                self._begin().cells.append(cell)
            elif str(cell.get("id", "")).startswith("own-"):
                self._own(cell)
            elif self.answer is not None and cell.cell_type == "code":
                self.answer.cells.append(cell)
            else:
                self.told.append(cell)
        self._close()
        return self.parts

    def _clean(self, cell: NotebookNode) -> None:
        """The grader's own tables are made anew from the verdict."""
        if self.has_verdict and cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if "text/html" not in output.get("data", {})]

    def _begin(self) -> Part:
        if self.answer is None:
            self.answer = Part("exercise", told=self._told_of_it())
        return self.answer

    def _told_of_it(self) -> list[NotebookNode]:
        """What is told from the last heading on; what stands above it is folded by itself."""
        begins = max((i for i, cell in enumerate(self.told) if _title_in([cell])), default=0)
        told, self.told = self.told[begins:], self.told[:begins]
        if self.told:
            self._fold()
        return told

    def _own(self, cell: NotebookNode) -> None:
        if not cell.source.strip():
            return
        if self.answer is not None:
            self.answer.cells.append(cell)
            return
        told = self._told_of_it()
        if self.parts and self.parts[-1].kind == "own":
            self.parts[-1].cells.append(cell)
        else:
            self.parts.append(Part("own", cells=[cell]))
        self.told = told

    def _check(self, cell: NotebookNode, about: dict[str, Any]) -> None:
        part = self._begin()
        part.told, self.told = [*part.told, *self.told], []
        name = about["grade_id"].removeprefix("test_")
        entry = self.marks.get(about["grade_id"])
        comments = [comment_of(each) for each in part.cells]
        part.title = _title_in(part.told) or name
        part.row = Row(
            name, part.title, float(about.get("score") or 0), float(about.get("points") or 0), self.results.get(name),
            by_hand=entry is not None and (entry.manual is not None or bool(entry.extra)),
            excused=next((words for words in comments if words.startswith(EXCUSED)), ""),
        )  # fmt: skip
        if not self.has_verdict:
            part.cells.append(cell)  # for its table
        self.parts.append(part)
        self.answer = None

    def _question(self, cell: NotebookNode, about: dict[str, Any]) -> None:
        self._close(fold=False)
        name, entry = about["grade_id"], self.marks.get(about["grade_id"])
        part = Part("question", told=self._told_of_it(), cells=[cell])
        part.title = _question_in([*part.told, cell]) or _title_in(part.told) or "Written question"
        most = self.state.most.get(name) or float(about.get("points") or 0)
        marked = entry is None or not (entry.manual is None and entry.extra is None and entry.automatic is None)
        comment = comment_of(cell)
        part.row = Row(
            name, part.title, float(about.get("score") or 0), most, is_question=not about.get("points"), is_marked=marked,
            excused=comment if comment.startswith(EXCUSED) else "",
        )  # fmt: skip
        self.parts.append(part)

    def _close(self, fold: bool = True) -> None:
        """An answer without a check, and prose that nothing follows."""
        if self.answer is not None:
            self.answer.kind = "own"
            self.parts.append(self.answer)
            self.answer = None
        if fold and self.told:
            self._fold()

    def _fold(self) -> None:
        self.parts.append(Part("prose", _title_in(self.told, first=True) or _beginning(self.told), cells=self.told))
        self.told = []


def _title_in(cells: list[NotebookNode], first: bool = False) -> str:
    """The last heading, or the first."""
    found = [match[2] for cell in cells if cell.cell_type == "markdown" for match in _HEADING.finditer(_FENCE.sub("", cell.source))]
    return plain_title(found[0 if first else -1]) if found else ""


def _question_in(cells: list[NotebookNode]) -> str:
    found = [match for cell in cells if cell.cell_type == "markdown" for match in _QUESTION.finditer(cell.source)]
    return plain_title(found[-1][1]) if found else ""


def _beginning(cells: list[NotebookNode]) -> str:
    texts = [plain_title(cell.source.split("\n\n")[0].replace("\n", " ")) for cell in cells if cell.cell_type == "markdown" and cell.source.strip()]
    if not texts:
        return "Code of the course"
    if len(texts[0]) <= _WORDS:
        return texts[0]
    words = texts[0][:_WORDS].rpartition(" ")[0]
    return (words.rpartition("$")[0].strip() if words.count("$") % 2 else words) + " …"


def _is_unreadable(verdict: Verdict) -> bool:
    criteria = [criterion for exercise in verdict.exercises for criterion in exercise.criteria]
    return bool(criteria) and all(criterion.reason == "unreadable" for criterion in criteria)


def criterion_view(row: Row) -> list[dict[str, Any]]:
    """The criteria of an exercise for the template."""
    if row.result is None:
        return []
    found = []
    for criterion in row.result.criteria:
        worth = row.result.points_of(criterion)
        idle = criterion.reason == "not attempted"
        found.append({
            "look": "held" if criterion.passed else "idle" if idle else "failed",
            "mark": "✓" if criterion.passed else "–" if idle else "✗",
            "title": criterion.title,
            "message": "" if criterion.passed else criterion.message,
            "hint": "" if criterion.passed or criterion.because else criterion.hint,
            "follows": bool(criterion.because),
            "reason": "" if criterion.passed or criterion.because else criterion.reason,
            "points": f"{points_words(worth if criterion.passed else 0)} of {points_words(worth)}",
        })  # fmt: skip
    return found
