"""Moodle, “Download all submissions”: a folder a person, `Ann Lee_12345_assignsubmission_file_/tiny.ipynb`, or the same in flat names.

The number is the one that the assignment gives a participant; “Download grading worksheet” has it in its column Identifier, and beside it when each was
handed in, so that sheet is the roster to give. The times in the archive are those of the download. With blind marking the name reads `Participant`.
"""

import re
from dataclasses import replace

from .attempt import Attempt, Person
from .bundle import Bundle, Incoming

_NAME = re.compile(r"(?P<name>[^/]*?)_(?P<person>\d+)_assignsubmission_(?P<kind>[a-z]+)_?/?(?P<rest>.*)", re.DOTALL)
_BLIND = re.compile(r"participant( \d+)?", re.IGNORECASE)


def _match(file: Incoming) -> re.Match[str] | None:
    """The folder may itself lie in a folder."""
    for start in (0, 1):
        match = _NAME.fullmatch("/".join(file.parts[start:]))
        if match is not None and match["rest"]:
            return match
    return None


def is_of_moodle(file: Incoming) -> bool:
    return _match(file) is not None


def moodle_attempts(bundle: Bundle) -> list[Attempt]:
    """One attempt a person; what was typed into Moodle's editor comes along as onlinetext.html."""
    found: dict[str, Attempt] = {}
    for file in bundle.files:
        match = _match(file)
        if match is None:
            continue
        person = Person("" if _BLIND.fullmatch(match["name"]) else match["name"].strip(), match["person"])
        attempt = found.setdefault(match["person"], Attempt(person, []))
        attempt.files.append(replace(file, name=match["rest"]))
        if file.modified is not None:
            attempt.order = max(attempt.order or 0.0, file.modified.timestamp())
    return list(found.values())
