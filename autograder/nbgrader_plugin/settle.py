"""What the course says now, brought into the gradebook without judging anything: due dates, extensions, excuses, late penalties.

All of it follows from what is recorded (scores, time stamps, verdicts) and from `course_config.py` and `exceptions.csv`, so every command that reads or writes
marks does this first, and a run that records a submission does it for that submission in the same transaction.

An excused exercise counts neither in a student's points nor in the maximum. nbgrader's gradebook has one maximum for all, so the exercise gets the share that
the student has in the others: in percent that is the same. Who is excused from the whole assignment has all points there; exports leave the mark out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from nbgrader.api import Assignment, BaseCell, Comment, Grade, Gradebook, GradeCell, Notebook, SubmittedAssignment, SubmittedNotebook, TaskCell
from traitlets.config import Config

from ..grading.course import Course
from ..grading.dates import DateError, read_moment, zone_words
from ..grading.special_cases import EVERYBODY, SpecialCases
from ..reports.feedback import points_words
from ..reports.mark_changes import LATE_PENALTY, MarkChange, told
from ..runs.verdicts import load_verdict
from .due_dates import UNKNOWN, recall, reconcile, remember
from .gradebook import enter_assignment, patiently
from .late_policy import late_policy, penalty_of
from .marks_by_hand import look_at
from .scores import one_commit

EXCUSED = "Excused:"
STAMP = "timestamp.txt"


@dataclass(frozen=True)
class Stamp:
    """What a submission's time stamp says. utc: None for none. words: what the instructor should know, "" for nothing."""

    utc: datetime | None = None
    words: str = ""


def read_stamp(course: Course, assignment: str, folder: Path, student: str) -> Stamp:
    """That of a submission's folder; links are not followed."""
    path = folder / STAMP
    if path.is_symlink() or not path.is_file():
        return Stamp()
    text = path.read_bytes()[:100].decode("utf-8-sig", errors="replace").strip()
    if not text:
        return Stamp()
    zone = course.zone_of(assignment)
    try:
        moment = read_moment(text, unknown=zone, loosely=True)
    except DateError:
        return Stamp(words=f"{student}, {assignment}: {STAMP} says {text!r}, which is no date and time; the submission counts as in time")
    if moment.understood:
        return Stamp(moment.utc)
    assumed = f"{zone_words(zone, moment.utc)}, the zone of the due date, was assumed"
    return Stamp(moment.utc, f"{student}, {assignment}: {STAMP} says {text!r}; the zone {moment.zone!r} is not known, {assumed}")


@dataclass
class Cells:
    """What carries marks and comments in an assignment. names: by id in the gradebook; most: points by id, of those with a mark."""

    names: dict[str, str]
    most: dict[str, float]


Marks = dict[str, float]  # points by the name of the exercise, and the late penalty


class Settler:
    """Brings assignments up to date. notes: sentences for the instructor; changes: marks that were there and are others now.

    Its methods raise CourseError when the configuration is at fault, GraderFault when the gradebook cannot be written.
    """

    def __init__(self, course: Course, gradebook: Gradebook, url: str, config: Config):
        self.course, self.gradebook, self.url = course, gradebook, url
        self.late = late_policy(config, course.root)
        self.notes: list[str] = []
        self.changes: list[MarkChange] = []
        self._cases: dict[str, SpecialCases] = {}
        self._cells: dict[str, Cells] = {}

    # -- an assignment ---------------------------------------------------------------------------------------------------

    def enter(self, name: str) -> None:
        """The assignment is in the gradebook, with the due date that holds. Also raises MasterError when there is no release."""
        self._cases[name] = self.course.special_cases(name)
        patiently(self.gradebook, name, lambda: enter_assignment(self.gradebook, self.url, self.course, name))
        self.notes += patiently(self.gradebook, name, lambda: self._set_due_date(name))
        self._cells.pop(name, None)

    def _set_due_date(self, name: str) -> list[str]:
        with one_commit(self.gradebook):
            what, words = reconcile(self.course, self.gradebook.find_assignment(name))
        remember(self.course.root, name, what)
        return words

    def settle(self, name: str) -> None:
        """All that is recorded of an assignment, in one transaction; `enter` comes first."""
        kept = len(self.changes)

        def write() -> None:
            del self.changes[kept:]
            with one_commit(self.gradebook):
                for submission in self._touched(name):
                    before = self.marks_of(submission)
                    self.submission(submission, before)

        patiently(self.gradebook, name, write)
        known = recall(self.course.root, name)
        if known is not None:
            extended = frozenset(student for student, exercise in self._cases[name].until if not exercise)
            remember(self.course.root, name, replace(known, extended=extended, before=frozenset()))
        self._name_strangers(name)

    def _touched(self, name: str) -> Iterator[SubmittedAssignment]:
        """Submissions to look at closely: few of a class, found by few questions to the database. A penalty without lateness is somebody's own and stays."""
        session, cases, known = self.gradebook.db, self._cases[name], recall(self.course.root, name)
        dues = [due for due in (self.gradebook.find_assignment(name).duedate,) if due is not None]
        before = known.before if known else {UNKNOWN}
        dues += [datetime.fromisoformat(text) for text in before if text != UNKNOWN]
        special = cases.students | self._extended_before(name)
        everybody = EVERYBODY in special or any(student == EVERYBODY for student, _ in (*cases.until, *cases.excuses))
        rows = (
            session.query(SubmittedAssignment.id, SubmittedAssignment.student_id, SubmittedAssignment.timestamp, SubmittedNotebook.late_submission_penalty)
            .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .filter(Assignment.name == name)
        )
        commented = session.query(SubmittedNotebook.assignment_id).join(Comment, Comment.notebook_id == SubmittedNotebook.id)
        excused = {row[0] for row in commented.filter(Comment.auto_comment.like(f"{EXCUSED}%"))}
        wanted = [
            identity
            for identity, student, stamp, penalty in rows
            if everybody or student in special or identity in excused or (penalty and UNKNOWN in before) or (stamp and any(stamp > due for due in dues))
        ]
        for identity in dict.fromkeys(wanted):
            submission = session.get(SubmittedAssignment, identity)
            if submission is not None:
                yield submission

    def _extended_before(self, name: str) -> set[str]:
        old = recall(self.course.root, name)
        return set(old.extended) if old else set()

    def _name_strangers(self, name: str) -> None:
        known = {student.id for student in self.gradebook.students} if self._cases[name].students else set()
        for student in sorted(self._cases[name].students - known):
            if not (self.course.root / "submitted" / student / name).is_dir():
                self.notes.append(f"{name}: an exception names {student!r}, who is not in the gradebook and has handed in nothing: is the id right?")

    # -- a submission ----------------------------------------------------------------------------------------------------

    def submission(self, submission: SubmittedAssignment, before: Marks | None = None) -> None:
        """One that is recorded: its extension, excuses and penalty; what changed since `before` is noted. Nothing is committed."""
        name, student = submission.assignment.name, submission.student_id
        self._extend(submission, name)
        for entry in submission.notebooks:
            self._excuse(entry, name, student)
            self.gradebook.db.flush()
            entry.late_submission_penalty = self._penalty(submission, entry, name)
        after = self.marks_of(submission)
        for exercise, old in (before or {}).items():
            if abs(after.get(exercise, 0.0) - old) > 1e-9:
                self.changes.append(MarkChange(student, name, exercise, old, after.get(exercise, 0.0)))

    def marks_of(self, submission: SubmittedAssignment) -> Marks:
        """What a submission has in the gradebook now; empty as long as nothing is recorded of it."""
        cells = self.cells(submission.assignment.name)
        marks: Marks = {}
        for entry in submission.notebooks:
            for grade in entry.grades:
                own = _own(grade)
                if own is not None and grade.cell_id in cells.names:
                    marks[exercise_of(cells.names[grade.cell_id])] = own + (grade.extra_credit or 0.0)
        if marks:
            marks[LATE_PENALTY] = sum(entry.late_submission_penalty or 0.0 for entry in submission.notebooks)
        return marks

    def cells(self, name: str) -> Cells:
        """Those of an assignment, asked for once."""
        if name not in self._cells:
            rows = self.gradebook.db.query(BaseCell).join(Notebook).join(Assignment).filter(Assignment.name == name).all()
            most = {cell.id: float(cell.max_score or 0.0) for cell in rows if isinstance(cell, GradeCell | TaskCell)}
            self._cells[name] = Cells({cell.id: cell.name for cell in rows}, most)
        return self._cells[name]

    def _extend(self, submission: SubmittedAssignment, name: str) -> None:
        until, due = self._cases[name].extension(submission.student_id), submission.assignment.duedate
        before = self._extended_before(name)
        if due is None:
            submission.extension = None  # nbgrader would add it to the date
        elif until is not None:
            submission.extension = until - due if until > due else None
        elif {submission.student_id, EVERYBODY} & before:
            submission.extension = None

    def _excuse(self, entry: SubmittedNotebook, name: str, student: str) -> None:
        cells, cases = self.cells(name), self._cases[name]
        whole, single = cases.excuse(student), cases.excused_exercises(student)
        comments = {exercise_of(cells.names[comment.cell_id]): comment for comment in entry.comments if comment.cell_id in cells.names}
        before = {exercise for exercise, comment in comments.items() if (comment.auto_comment or "").startswith(EXCUSED)}
        if not (whole or single or before):
            return
        grades = {exercise_of(cells.names[grade.cell_id]): grade for grade in entry.grades if grade.cell_id in cells.names}
        share = _share([grade for exercise, grade in grades.items() if exercise not in single], cells.most)
        for exercise, grade in grades.items():
            most = cells.most.get(grade.cell_id, 0.0)
            comment = comments.get(exercise)
            if whole or exercise in single:
                points = single[exercise].points if exercise in single and not whole else None
                grade.auto_score = most if whole else round(most * share, 4) if points is None else points
                grade.needs_manual_grade = False
                if comment is not None:
                    comment.auto_comment = f"{EXCUSED} {_excuse_words(whole is not None, points, share)}"
            elif exercise in before:
                self._take_back(grade, comment, most, name, student, exercise)

    def _take_back(self, grade: Grade, comment: Comment, most: float, name: str, student: str, exercise: str) -> None:
        """An excuse that holds no longer: what the verdict gave."""
        verdict = load_verdict(self.course.root, name, student)
        result = next((result for result in verdict.exercises if result.name == exercise), None) if verdict else None
        comment.auto_comment = "No response." if result and all(criterion.reason == "not attempted" for criterion in result.criteria) else None
        if result is not None:
            grade.auto_score = result.points * most / result.max_points if result.max_points else result.points
        elif exercise in self.course.master(name).exercises:
            self.notes.append(f"{student}, {name}: the verdict from before the excuse is gone; grade this submission again")
        else:
            grade.auto_score, grade.needs_manual_grade = None, grade.manual_score is None

    def _penalty(self, submission: SubmittedAssignment, entry: SubmittedNotebook, name: str) -> float | None:
        """Exercises with an extension of their own are as late as that says; the plugin is asked for each group that is late alike."""
        cases, student, stamp, due = self._cases[name], submission.student_id, submission.timestamp, submission.assignment.duedate
        if stamp is None or due is None or cases.excuse(student):
            return None
        late = _seconds_late(stamp, due + (submission.extension or timedelta()))
        if not late:
            return None
        score = self.gradebook.db.query(SubmittedNotebook.score).filter(SubmittedNotebook.id == entry.id).scalar() or 0.0
        groups = {late: score}
        names = self.cells(name).names
        own = {exercise: until for exercise, until in cases.extended_exercises(student).items() if _seconds_late(stamp, until) < late}
        for grade in entry.grades if own else ():
            exercise = exercise_of(names.get(grade.cell_id, ""))
            if exercise in own:
                points = (_own(grade) or 0.0) + (grade.extra_credit or 0.0)
                seconds = _seconds_late(stamp, own[exercise])
                groups[late] -= points
                groups[seconds] = groups.get(seconds, 0.0) + points
        penalties = [penalty_of(self.late, student, points, seconds) for seconds, points in groups.items() if seconds > 0]
        taken = [penalty for penalty in penalties if penalty is not None]
        return min(max(0.0, sum(taken)), score) if taken else None


def settle_all(settler: Settler, names: list[str]) -> list[str]:
    """Assignments that are entered and settled, after the marks by hand were looked at. Returns what the instructor should know."""
    for name in names:
        settler.enter(name)
        settler.notes += patiently(settler.gradebook, name, partial(look_at, settler.gradebook, settler.course, name))
        settler.settle(name)
    return [*settler.notes, *told(settler.course.root, settler.changes)]


def exercise_of(cell: str) -> str:
    return cell.removeprefix("test_")


def _own(grade: Grade) -> float | None:
    """The mark without extra credit; one given by hand counts."""
    return grade.auto_score if grade.manual_score is None else grade.manual_score


def _share(grades: list[Grade], most: dict[str, float]) -> float:
    """Of what can be reached; all of it when there is nothing to reach."""
    total = sum(most.get(grade.cell_id, 0.0) for grade in grades)
    return min(1.0, max(0.0, sum(_own(grade) or 0.0 for grade in grades if most.get(grade.cell_id)) / total)) if total else 1.0


def _excuse_words(whole: bool, points: float | None, share: float) -> str:
    if whole:
        return "this assignment does not count for you."
    if points is not None:
        return f"you have {points_words(points)} points here, whatever was handed in."
    return f"this exercise does not count for you. Its points are the share that you have in the others, {100 * share:.0f} %."


def _seconds_late(stamp: datetime, due: datetime) -> float:
    return max(0.0, (stamp - due).total_seconds())
