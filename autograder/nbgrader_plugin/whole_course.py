"""What a report on the class is made from: everybody, what they handed in, the verdicts, and where each stands."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from ..collecting.known_ids import known_students
from ..grading.course import Course, CourseError
from ..judge.jobs import GraderFault
from ..notebooks.master import MasterError
from ..reports.class_report import ReportPart
from ..reports.class_verdicts import ClassVerdicts, load_class, without_exercises
from ..reports.marks import StudentRecord, with_known_ids
from ..reports.standing import AssignmentShares, Standings, is_asked_of_all, standings
from .class_run import submissions_of
from .marks_by_hand import opened

_NOTES = re.compile(r"^Notes: (.+)$", re.MULTILINE)


@dataclass
class WholeCourse:
    """verdicts: of the assignments that have any, as they lie there, in the order of the course. kept: the same without what is excused. names: what students
    are called, by id, where that is known."""

    course: Course
    names: dict[str, str]
    verdicts: dict[str, ClassVerdicts]
    kept: dict[str, ClassVerdicts]
    standings: Standings
    handed_in: dict[str, set[str]]

    def parts(self, assignments: Sequence[str]) -> list[ReportPart]:
        """Those to be looked at closely; assignments from which everybody is excused are left out."""
        return [
            ReportPart(self.course.assignment(name).title, self.kept[name], sorted(self.handed_in[name] - set(self.verdicts[name].verdicts)), self._notes(name))
            for name in assignments
            if self.kept[name].verdicts
        ]

    def _notes(self, name: str) -> dict[str, str]:
        """By exercise, the sections of the lecture notes that its text names."""
        try:
            cells = self.course.master(name).cells
        except (CourseError, MasterError):
            return {}
        notes, last = {}, ""
        for cell in cells:
            if cell.kind == "prose" and (found := _NOTES.findall(cell.source)):
                last = found[-1].replace("$", "").replace(r"\times", "×")
            elif cell.kind == "solution" and cell.grade_id and last:
                notes[cell.grade_id], last = last, ""
        return notes


def whole_course(course: Course) -> WholeCourse:
    """Reads gradebook, roster, submissions and verdicts. Without a gradebook the class is who handed something in. Raises CourseError."""
    read = {name: load_class(course.root, name) for name in course.names}
    verdicts = {name: found for name, found in read.items() if found.verdicts}
    names = _names(course)
    handed_in = {name: {submission.student for submission in submissions_of(course, [name])} for name in course.names}
    everybody = sorted(set(names).union(*handed_in.values(), *(found.verdicts for found in verdicts.values())))
    kept, shares = {}, []
    for name, found in verdicts.items():
        kept[name], of_assignment = _looked_at(course, found, everybody, handed_in[name])
        shares += of_assignment
    return WholeCourse(course, {student: name for student, name in names.items() if name}, verdicts, kept, standings(everybody, shares), handed_in)


def _names(course: Course) -> dict[str, str]:
    """Of everybody in the gradebook and the roster, by id; "" where the name is not known."""
    try:
        with opened(course) as gradebook:
            records = [StudentRecord(s.id, s.last_name or "", s.first_name or "") for s in gradebook.students]
    except GraderFault:
        records = []
    known = known_students(course.root)
    records += [StudentRecord(student) for student in known.keys() - {record.id for record in records}]
    return {record.id: f"{record.first_name} {record.last_name}".strip() for record in with_known_ids(records, known, "")}


def _looked_at(course: Course, found: ClassVerdicts, everybody: list[str], handed_in: set[str]) -> tuple[ClassVerdicts, list[AssignmentShares]]:
    """The verdicts of one assignment without what is excused, and where everybody stands, none when nothing is left."""
    name, judged = found.assignment, set(found.verdicts)
    try:
        cases = course.special_cases(name)
    except MasterError:  # it is not built here, so that no exercise of it can be looked up
        cases = None
    out = frozenset(student for student in everybody if cases and cases.excuse(student))
    excused = {student: set(cases.excused_exercises(student)) for student in judged} if cases and cases.excuses else {}
    kept = without_exercises(found, excused, out)
    if not kept.verdicts:
        return kept, []
    due = course.due_of(name)
    is_over = due is not None and due < datetime.now(UTC).replace(tzinfo=None)
    counts = is_asked_of_all(len(handed_in | judged), len(everybody) - len(out), is_over)
    return kept, [AssignmentShares.of(kept, counts, out, frozenset(handed_in - judged))]
