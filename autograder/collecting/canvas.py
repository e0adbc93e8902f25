"""Canvas, “Download Submissions”: one flat archive, `lastnamefirstname_LATE_1234_5678_tiny-1.ipynb`.

The name is the sortable one, in lower case, letters and digits only; LATE stands there when it was; then come the person's number and the file's. The
archive holds each person's last attempt. It says of nobody when: the times in it are those of the download. A name hidden by anonymous marking reads `anon`.
"""

import re
from dataclasses import replace

from .attempt import Attempt, Person
from .bundle import Bundle, Incoming

_UPLOAD = re.compile(r"(?P<name>[^/]+?)(?P<late>_LATE)?_(?P<person>\d+)_(?P<file>\d+)_(?P<rest>[^/]+)")
_ANONYMOUS = re.compile(r"(?P<name>anon)(?P<late>_LATE)?_(?P<person>[A-Za-z0-9]{5})_(?P<file>\d+)_(?P<rest>[^/]+)")
_TYPED = re.compile(r"(?P<name>[^/]+?)(?P<late>_LATE)?_(?P<person>\d+)_(?P<rest>(?:text|link)\.html)")


def _match(file: Incoming) -> re.Match[str] | None:
    name = file.parts[-1]
    return _ANONYMOUS.fullmatch(name) or _UPLOAD.fullmatch(name) or _TYPED.fullmatch(name)


def is_of_canvas(file: Incoming) -> bool:
    return len(file.parts) <= 2 and _match(file) is not None


def canvas_attempts(bundle: Bundle) -> list[Attempt]:
    """One attempt a person."""
    found: dict[str, Attempt] = {}
    for file in bundle.files:
        match = _match(file) if is_of_canvas(file) else None
        if match is None:
            continue
        person = Person("" if match["name"] == "anon" else match["name"], match["person"])
        attempt = found.setdefault(match["person"], Attempt(person, [], order=0.0))
        attempt.files.append(replace(file, name=match["rest"]))
        attempt.late |= match["late"] is not None
        attempt.order = max(attempt.order or 0.0, float(match.groupdict().get("file") or 0))
    return list(found.values())
