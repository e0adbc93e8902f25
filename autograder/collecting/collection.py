"""A whole download: opened, sorted by students, laid out."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ..grading.course import Course
from .attempt import Attempt, Person
from .bundle import Bundle, Incoming, open_bundle
from .canvas import canvas_attempts, is_of_canvas
from .errors import CollectError, shown
from .folder import folder_attempts
from .git import git_attempts
from .gradescope import gradescope_attempts, is_of_gradescope
from .hand_over import STATE, HandOver, Outcome
from .known_ids import remember
from .labels import wrong_id
from .matching import Matches, People, due_for, match
from .moodle import is_of_moodle, moodle_attempts
from .roster import Student, read_roster

# How a file of each platform's download is known, and what makes attempts of them.
PLATFORMS: dict[str, tuple[Callable[[Incoming], bool], Callable[[Bundle], list[Attempt]]]] = {
    "canvas": (is_of_canvas, canvas_attempts),
    "moodle": (is_of_moodle, moodle_attempts),
    "gradescope": (is_of_gradescope, gradescope_attempts),
}
SYSTEMS = (*PLATFORMS, "git", "folder")


@dataclass
class Collection:
    """How it went. older: by student, attempts that were not the newest; late: students whose time is only known to be late; left_out, notes: sentences."""

    outcomes: list[Outcome] = field(default_factory=list)
    matches: Matches = field(default_factory=Matches)
    older: dict[str, list[Attempt]] = field(default_factory=dict)
    late: list[str] = field(default_factory=list)
    without_time: int = 0
    left_out: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether everything in the download found its place."""
        return not (self.matches.unknown or self.matches.doubled or self.left_out or any(outcome.is_problem for outcome in self.outcomes))


def collect(
    course: Course, assignment: str, path: Path, system: str, roster: Path | None, dry_run: bool = False, ignore_times: bool = False
) -> Collection:  # fmt: skip
    """Fills `submitted/`. ignore_times: take no time that only files have. Raises CollectError, and then nothing was written."""
    master = course.master(assignment)
    students = read_roster(roster, course.zone_of(assignment)) if roster else None
    _check_roster(students, system, roster)
    people = People(system, students, course.root)
    with _scratch(course.root, dry_run) as scratch:
        bundle = Bundle(path, []) if system == "git" else open_bundle(path)
        if system in PLATFORMS:
            attempts = _of_platform(bundle, system)
        elif system == "git":
            clones = scratch / ".clones"
            clones.mkdir()
            attempts = git_attempts(bundle, master, course.masters, due_for(people, lambda student: _end(course, assignment, student)), clones)
        else:
            _check_folder(bundle)
            others = set(course.names) - {assignment}
            attempts = folder_attempts(bundle, assignment, master.notebook, others, course.zone_of(assignment), lambda one: bool(students and people.find(one)))
        if not attempts and not bundle.left_out:
            raise CollectError(f"{path} holds nothing of {assignment} that anybody handed in")
        found = Collection(matches=match(people, attempts))
        hand_over = HandOver(course, assignment, system, scratch, dry_run)
        try:
            for student in sorted(found.matches.attempts):
                newest, *older = found.matches.attempts[student]
                if older:
                    found.older[student] = older
                timed = _timed(course, assignment, found, student, newest, ignore_times and system == "folder")
                found.outcomes.append(hand_over.lay_out(student, timed))
        except OSError as error:
            raise CollectError(f"submitted/ cannot be written: {error.strerror}; what was laid out before stays: run this again") from None
        finally:
            hand_over.close()
    if not dry_run:
        remember(course.root, _learned(found.matches, people, system))
    found.left_out, found.notes = bundle.left_out, bundle.notes
    unread = [student for student in students or () if student.unread_time]
    if unread:
        more = f", and {len(unread) - 1} more" if len(unread) > 1 else ""
        found.notes.append(f"{unread[0].where}: the time {unread[0].unread_time!r} is not understood{more}: 2027-03-08 23:59 is one")
    return found


def _of_platform(bundle: Bundle, system: str) -> list[Attempt]:
    """Raises CollectError when it is another platform's download."""
    fits, make = PLATFORMS[system]
    strangers = [file for file in bundle.files if not fits(file)]
    if len(strangers) == len(bundle.files):
        other = _likeliest(bundle)
        hint = f"it looks like {other}'s: --from {other}" if other else "if it is a folder a student, or files named by students, say --from folder"
        raise CollectError(f"{bundle.path.name} is no download of {system}'s, its files are not named like that ({shown(strangers[0].name)}); {hint}")
    if system != "gradescope":
        bundle.left_out += [f"{shown(file.name)} is not named as {system} names files" for file in strangers]
    return make(bundle)


def _likeliest(bundle: Bundle) -> str | None:
    """The platform that most files are named by."""
    for system, (fits, _) in PLATFORMS.items():
        number = sum(fits(file) for file in bundle.files)
        if 2 * number > len(bundle.files) or (number and system == "gradescope"):
            return system
    return None


def _check_folder(bundle: Bundle) -> None:
    other = _likeliest(bundle)
    if other:
        raise CollectError(f"{bundle.path.name} looks like a download of {other}'s, whose names hold more than the student's: --from {other}")


def _check_roster(students: list[Student] | None, system: str, path: Path | None) -> None:
    """A roster must have something that the download names people by. Raises CollectError."""
    if students is None or path is None:
        return
    wanted = {"canvas": "names or a column canvas_id", "moodle": "names or a column Identifier", "gradescope": "names or a column email"}.get(system)
    if wanted and not any(student.names or student.email or system in student.numbers for student in students):
        raise CollectError(f"the roster {path.name} has neither {wanted}, by which {system} tells people apart: add one")


@contextmanager
def _scratch(root: Path, dry_run: bool) -> Iterator[Path]:
    """A folder on the course's disk, so that a hand-in moves to its place whole."""
    place = None if dry_run else root / STATE
    if place is not None:
        place.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="collecting-", dir=place))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _end(course: Course, assignment: str, student: str) -> float | None:
    """The last moment in time for a student, extension and grace included; "" for one who is not known."""
    due = course.due_of(assignment)
    extension = course.special_cases(assignment).extension(student)
    ends = [time for time in (due, extension) if time is not None]
    return (max(ends) + timedelta(minutes=course.late_grace_minutes)).replace(tzinfo=UTC).timestamp() if due is not None else None


def _timed(course: Course, assignment: str, found: Collection, student: str, attempt: Attempt, ignore_times: bool) -> Attempt:
    """With the best time that is known: the system's, the roster's, else for who is marked as late the first second that is."""
    time = (None if ignore_times else attempt.time) or found.matches.students[student].handed_in
    is_guess = False
    due = course.due_of(assignment)
    if time is None and attempt.late:
        found.late.append(student)
        if due is not None:
            end = due + timedelta(minutes=course.late_grace_minutes)
            time, is_guess = datetime.fromtimestamp(int(end.replace(tzinfo=UTC).timestamp()) + 1, UTC), True
    elif time is None:
        found.without_time += 1
    return replace(attempt, time=time, is_guess=is_guess)


def _learned(matches: Matches, people: People, system: str) -> dict[str, dict]:
    """What is known of the students now: of the whole roster, and the numbers of those in the download."""
    students = {student.id: student for student in people.roster} | matches.students
    learned = {}
    for key, student in students.items():
        person: Person | None = matches.attempts[key][0].person if key in matches.attempts else None
        first, last = student.first_name, student.last_name
        if not (first or last) and "," in student.name:
            last, _, first = (part.strip() for part in student.name.partition(","))
        elif not (first or last):
            first, _, last = student.name.rpartition(" ")
        number = {system: person.number} if person is not None and person.number else {}
        email = student.email or (person.email if person is not None else "")
        learned[key] = {"first_name": first, "last_name": last, "email": email, "numbers": {**student.numbers, **number}}
    return {key: entry for key, entry in learned.items() if wrong_id(key) is None}
