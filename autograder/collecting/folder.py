"""A folder or archive that people filled: one folder a student, with or without a folder of the assignment's name in it, or one file named by the student.

Times are those of the files. Where all are nearly the same, they are the copying's, and none is taken.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from pathlib import PurePosixPath

from .attempt import Attempt, Person
from .bundle import Bundle, Incoming, within
from .errors import shown
from .labels import readings

ENDINGS, NO_HAND_IN = (".ipynb", ".zip"), (".csv", ".md", ".txt", ".pdf", ".xlsx")
OF_A_COPY = timedelta(minutes=10)


def folder_attempts(
    bundle: Bundle, assignment: str, notebook: str, others: set[str], zone: tzinfo, is_known: Callable[[Person], bool]
) -> list[Attempt]:  # fmt: skip
    """notebook: its expected name; others: names of the course's other assignments; zone: of times in an archive, which have none; is_known: whether the
    roster has somebody of that name."""
    words = (assignment, PurePosixPath(notebook).stem)
    files = _below_the_top(bundle.files, words, is_known)
    attempts = []
    for name in sorted({file.parts[0] for file in files}):
        own = within(files, name)
        if own:
            person = Person(labels=readings(name, words))
            if any(file.parts[0] == assignment and len(file.parts) > 1 for file in own):
                own = within(own, assignment)
            else:
                own = [file for file in own if not (file.parts[0] in others and len(file.parts) > 1)]
            if not own:
                continue  # other assignments alone
        else:
            path = PurePosixPath(name)
            if path.suffix.lower() in NO_HAND_IN:
                continue
            if path.suffix.lower() not in ENDINGS:
                bundle.left_out.append(f"{shown(name)} is neither a student's folder nor a notebook or archive that bears a student's name")
                continue
            person, own = Person(labels=readings(path.stem, words)), [file for file in files if file.name == name]
            if _is_nobody(path.stem, words):
                bundle.left_out.append(f"{shown(name)} bears no student's name: put it into a folder that does")
                continue
        time = max((_in_zone(file.modified, zone) for file in own if file.modified), default=None)
        attempts.append(Attempt(person, own, time, time.timestamp() if time else None))
    return _without_times_of_a_copy(attempts, bundle)


def _below_the_top(files: list[Incoming], words: tuple[str, ...], is_known: Callable[[Person], bool]) -> list[Incoming]:
    """Without a folder that holds all students."""
    while len(tops := {file.parts[0] for file in files}) == 1 and all(len(file.parts) > 1 for file in files):
        (top,) = tops
        inner = within(files, top)
        names = {file.parts[0] for file in inner}
        if top == words[0]:
            files = inner
            continue
        if is_known(Person(labels=readings(top, words))) or words[0] in names:
            break
        people = [name for name in names if is_known(Person(labels=readings(PurePosixPath(name).stem if name.endswith(ENDINGS) else name, words)))]
        all_folders = len(names) > 1 and all(len(file.parts) > 1 for file in inner)
        all_notebooks = len(names) > 1 and all(
            len(file.parts) == 1 and file.name.lower().endswith(ENDINGS) and not _is_nobody(PurePosixPath(file.name).stem, words) for file in inner
        )
        if not (people or all_folders or all_notebooks or any(words[0] in file.parts[1:2] for file in inner)):
            break
        files = inner
    return files


def _is_nobody(stem: str, words: tuple[str, ...]) -> bool:
    """Whether a name is the assignment's or the notebook's alone."""
    return any(reading in words for reading in readings(stem, ()))


def _in_zone(time: datetime, zone: tzinfo) -> datetime:
    return time if time.tzinfo else time.replace(tzinfo=zone)


def _without_times_of_a_copy(attempts: list[Attempt], bundle: Bundle) -> list[Attempt]:
    times = [attempt.time for attempt in attempts if attempt.time]
    if not times:
        return attempts
    if max(times) - min(times) < OF_A_COPY:
        bundle.notes.append("all files carry nearly the same time, that of a copy or download: no time stamps were taken from them")
        return [replace(attempt, time=None) for attempt in attempts]
    bundle.notes.append("time stamps are those of the files, which whoever copies them can change: --ignore-times leaves them out")
    return attempts
