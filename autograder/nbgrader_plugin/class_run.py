"""A whole class: every submission in nbgrader's `submitted/` folder, judged in parallel, recorded by one writer as each is done."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..grading.course import Course
from ..judge.jobs import BrokenGrader, CellOutcome, GraderFault, Job
from ..judge.verdict import Verdict
from ..notebooks.hand_in import NoNotebook, read_hand_in
from ..reports.mark_changes import MarkChange
from ..runs.journal import Journal, settings_key, submission_key
from .recording import Recorder
from .settle import read_stamp

Judge = Callable[..., None]
FAULTS_IN_A_ROW = 10  # then it is not the submissions


@dataclass(frozen=True)
class Submission:
    """One folder of `submitted/`."""

    student: str
    assignment: str
    folder: Path


# Called with each submission and what became of it: a verdict, the error that kept the grader from giving one, or None when nothing was to be done.
Progress = Callable[[Submission, Verdict | Exception | None], None]


@dataclass
class Tally:
    """How a run went. Lists of (student, assignment, sentence): `unreadable`: graded, with no points; `faults`: not graded, to be done again; `strange`: not
    graded, since there are files and none is a notebook of the assignment; `empty`: folders with nothing in them.

    `notes`: what the instructor should know. `changes`: marks that were there before and are others now.
    """

    graded: int = 0
    unchanged: int = 0
    unreadable: list[tuple[str, str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    changes: list[MarkChange] = field(default_factory=list)
    faults: list[tuple[str, str, str]] = field(default_factory=list)
    strange: list[tuple[str, str, str]] = field(default_factory=list)
    empty: list[tuple[str, str, str]] = field(default_factory=list)


def submissions_of(course: Course, assignments: list[str]) -> list[Submission]:
    """All submissions of the assignments, by assignment and student. Hidden folders and those that are a link are left out."""
    found = []
    submitted = course.root / "submitted"
    folders = sorted(submitted.iterdir()) if submitted.is_dir() else []
    students = [path for path in folders if path.is_dir() and not path.is_symlink() and not path.name.startswith(".")]
    for name in assignments:
        for student in students:
            folder = student / name
            if folder.is_dir() and not folder.is_symlink():
                found.append(Submission(student.name, name, folder))
    return found


def grade_class(
    course: Course, assignments: list[str], judge: Judge, kind: str, device: str, everything: bool = False,
    progress: Progress = lambda *_: None,
) -> Tally:  # fmt: skip
    """Judges what is new or changed (`everything`: all) and records it. `judge(jobs, on_verdict, on_fault)` is that of a Pool or a Cluster.

    A folder that holds no notebook at all is passed over. Where a hidden grader turns out to be broken, nothing more of its assignment is
    judged or recorded, and the other assignments go on. Raises CourseError, MasterError and GraderFault.
    """
    tally, in_a_row = Tally(), 0
    broken: dict[str, BrokenGrader] = {}
    settings = {name: settings_key(course, name, kind, device) for name in assignments}
    journals: dict[str, Journal] = {}
    recorder = Recorder(course, assignments)

    def jobs() -> Iterator[Job]:
        for submission in submissions_of(course, assignments):
            try:
                job, key, words = _job(course, submission, settings[submission.assignment])
            except NoNotebook as error:
                (tally.strange if error.names else tally.empty).append((submission.student, submission.assignment, str(error)))
                progress(submission, None)
                continue
            tally.notes += words
            done = journals[submission.assignment].keys.get(submission.student) == key and recorder.has(submission.student, submission.assignment)
            if done and not everything:
                tally.unchanged += 1
                progress(submission, None)
                continue
            if submission.assignment in broken:
                leave_out(submission)
                continue
            job.tag = (submission, key)
            yield job

    def leave_out(submission: Submission) -> None:
        error = broken[submission.assignment]
        tally.faults.append((submission.student, submission.assignment, str(error)))
        progress(submission, error)

    def record(job: Job, verdict: Verdict, outcomes: list[CellOutcome]) -> None:
        nonlocal in_a_row
        in_a_row = 0
        submission, key = job.tag
        if submission.assignment in broken:  # it was under way
            leave_out(submission)
            return
        recorder.record(submission.student, job, verdict, outcomes)
        journals[submission.assignment].enter(submission.student, key)
        tally.graded += 1
        if job.plan is None:
            tally.unreadable.append((submission.student, submission.assignment, job.unreadable))
        progress(submission, verdict)

    def fault(job: Job, error: Exception) -> None:
        nonlocal in_a_row
        submission, _ = job.tag
        if isinstance(error, BrokenGrader) or submission.assignment in broken:
            broken.setdefault(submission.assignment, error if isinstance(error, BrokenGrader) else BrokenGrader(str(error)))
            leave_out(submission)
            return
        in_a_row += 1
        tally.faults.append((submission.student, submission.assignment, str(error)))
        progress(submission, error)
        if in_a_row == FAULTS_IN_A_ROW:
            raise GraderFault(f"{in_a_row} submissions in a row could not be judged; the last one: {error}")

    try:
        for name in settings:
            journals[name] = Journal(course.root, name)
            recorder.tidy(name)
        for name in settings:
            recorder.settler.settle(name)
        judge(jobs(), record, fault)
    finally:
        tally.notes[:0] = recorder.settler.notes
        tally.changes += recorder.settler.changes
        recorder.close()
        for journal in journals.values():
            journal.close()
    return tally


def _job(course: Course, submission: Submission, settings: str) -> tuple[Job, str, list[str]]:
    """The job, the key of what is judged, and what is odd about its time stamp.

    A notebook under another name is spoken of by the assignment's. Raises NoNotebook.
    """
    master = course.master(submission.assignment)
    found = read_hand_in(submission.folder, master, course.masters)
    stamp = read_stamp(course, master.name, submission.folder, submission.student)
    key = submission_key(settings, submission.folder, found.key, str(stamp.utc) if stamp.words else "")
    return Job(master.name, master.notebook, master.exercises, found.plan, unreadable=found.unreadable), key, [stamp.words] if stamp.words else []
