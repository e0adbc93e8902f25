"""A whole class: every submission in nbgrader's `submitted/` folder, judged in parallel, recorded by one writer as each is done."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..grading.course import Course
from ..judge.jobs import CellOutcome, Job
from ..judge.verdict import Verdict
from ..nbgrader_plugin.recording import Recorder
from ..notebooks.reader import Unreadable, make_plan, read_file
from .journal import Journal, settings_key, submission_key

Judge = Callable[..., None]


@dataclass(frozen=True)
class Submission:
    """One folder of `submitted/`."""

    student: str
    assignment: str
    folder: Path


@dataclass
class Tally:
    """How a run went. `faults` are (student, assignment, sentence): not graded, to be done again."""

    graded: int = 0
    unchanged: int = 0
    unreadable: int = 0
    faults: list[tuple[str, str, str]] = field(default_factory=list)


def submissions_of(course: Course, assignments: list[str]) -> list[Submission]:
    """All submissions of the assignments, by assignment and student. A student folder that is a link is left out."""
    found = []
    submitted = course.root / "submitted"
    students = sorted(path for path in submitted.iterdir() if path.is_dir() and not path.is_symlink()) if submitted.is_dir() else []
    for name in assignments:
        for student in students:
            folder = student / name
            if folder.is_dir() and not folder.is_symlink():
                found.append(Submission(student.name, name, folder))
    return found


def grade_class(
    course: Course, assignments: list[str], judge: Judge, kind: str, device: str, everything: bool = False,
    progress: Callable[[Submission | None, Verdict | None], None] = lambda *_: None,
) -> Tally:  # fmt: skip
    """Judges what is new or changed (`everything`: all) and records it. `judge(jobs, on_verdict, on_fault)` is that of a Pool or a cluster."""
    tally = Tally()
    journals = {name: Journal(course.root, name) for name in assignments}
    settings = {name: settings_key(course, name, kind, device) for name in assignments}
    recorder = Recorder(course)

    def jobs() -> Iterator[Job]:
        for submission in submissions_of(course, assignments):
            job, key = _job(course, submission, settings[submission.assignment])
            done = journals[submission.assignment].keys.get(submission.student) == key and _is_there(course, submission)
            if done and not everything:
                tally.unchanged += 1
                progress(submission, None)
                continue
            job.tag = (submission, key)
            yield job

    def record(job: Job, verdict: Verdict, outcomes: list[CellOutcome]) -> None:
        submission, key = job.tag
        recorder.record(submission.student, job, verdict, outcomes)
        journals[submission.assignment].enter(submission.student, key)
        tally.graded += 1
        tally.unreadable += job.plan is None
        progress(submission, verdict)

    def fault(job: Job, error: Exception) -> None:
        submission, _ = job.tag
        tally.faults.append((submission.student, submission.assignment, str(error)))
        progress(submission, None)

    try:
        judge(jobs(), record, fault)
    finally:
        recorder.close()
        for journal in journals.values():
            journal.close()
    return tally


def _is_there(course: Course, submission: Submission) -> bool:
    return (course.root / "autograded" / submission.student / submission.assignment / course.master(submission.assignment).notebook).is_file()


def notebook_in(folder: Path, expected: str) -> Path:
    """The notebook of a submission: under its own name, or the only one there is."""
    path = folder / expected
    others = [p for p in sorted(folder.glob("*.ipynb")) if not p.is_symlink()]
    return others[0] if not os.path.lexists(path) and len(others) == 1 else path


def _job(course: Course, submission: Submission, settings: str) -> tuple[Job, str]:
    master = course.master(submission.assignment)
    path = notebook_in(submission.folder, master.notebook)
    try:
        data = read_file(path)
    except Unreadable as error:
        return Job(master.name, path.name, master.exercises, unreadable=str(error)), submission_key(settings, submission.folder, b"")
    key = submission_key(settings, submission.folder, data)
    try:
        plan: Any = make_plan(master, data, path.name, course.masters)
    except Unreadable as error:
        return Job(master.name, path.name, master.exercises, unreadable=str(error)), key
    return Job(master.name, path.name, master.exercises, plan), key
