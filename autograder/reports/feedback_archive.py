"""The feedback pages of an assignment as one archive, a file a student, named as the learning platform names its own download.

Canvas (*Upload Submissions*) looks for the first two numbers between underscores: the person's and that of the file that was handed in. Moodle (*Upload
multiple feedback files in a zip*) looks for a folder NAME_NUMBER_assignsubmission_file, with the number that the person has in this assignment.
"""

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..collecting.known_ids import HandedInAs, numbers_of

KINDS = ("canvas", "moodle", "zip")
_STAMP = (1980, 1, 1, 0, 0, 0)  # the same pages make the same archive


@dataclass
class Archive:
    """left_out: students for whom the platform's numbers are not known, or whose number another has as well."""

    content: bytes = b""
    names: dict[str, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


def feedback_archive(
    kind: str, assignment: str, pages: Mapping[str, Path], known: Mapping[str, Mapping[str, Any]], handed_in: Mapping[str, HandedInAs]
) -> Archive:  # fmt: skip
    """known: what is known of the students (`known_students`). Raises OSError for a page that cannot be read."""
    archive = Archive()
    by_name: dict[str, list[str]] = defaultdict(list)
    for student in sorted(pages):
        name = _name(kind, student, known.get(student, {}), handed_in.get(student))
        if name is None:
            archive.left_out.append(student)
        else:
            by_name[name.format(file=f"{assignment}_feedback.html")].append(student)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, students in by_name.items():
            if len(students) > 1:
                archive.left_out += students
                continue
            archive.names[students[0]] = name
            entry = zipfile.ZipInfo(name, _STAMP)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            packed.writestr(entry, pages[students[0]].read_bytes())
    archive.left_out.sort()
    archive.content = buffer.getvalue()
    return archive


def _name(kind: str, student: str, known: Mapping[str, Any], handed_in: HandedInAs | None) -> str | None:
    """With {file} where the file's own name stands; None when the platform would not find it."""
    if kind == "zip":
        return student.replace("{", "{{").replace("}", "}}") + ".html"
    here = handed_in if handed_in is not None and handed_in.system == kind else None
    number = here.number if here is not None and here.number else numbers_of(known).get(kind, "")
    first, last = str(known.get("first_name") or ""), str(known.get("last_name") or "")
    if kind == "canvas":
        if not number.isalnum() or here is None or not here.file:
            return None
        name = re.sub(r"[^a-z]", "", (here.name or f"{last}{first}").lower()) or "student"
        return f"{name}_{number}_{here.file}_{{file}}"
    if not number.isdigit():
        return None
    name = (here.name if here is not None else "") or f"{first} {last}"
    name = " ".join(re.sub(r"[\x00-\x1f\x7f_/\\:*?\"<>|{}]", " ", name).split()).strip(". ") or "Participant"
    return f"{name}_{number}_assignsubmission_file_/{{file}}"
