"""`autograder new`: the skeleton of an assignment that builds and verifies as it is; the author replaces it piece by piece."""

import re
from pathlib import Path

from ..grading.course import CONFIG, Course, CourseError

SKELETON = Path(__file__).with_name("skeleton")
_NAME = re.compile(r"ps\d{2}_[a-z][a-z0-9_]*")
_ENTRY = re.compile(r'^( *)Assignment\("(ps\d{2}_\w+)".*\),\n', re.MULTILINE)


def new_assignment(course: Course, name: str, title: str) -> list[Path]:
    """Writes the files of assignment `name` and enters it in the course. Returns them. Raises CourseError; overwrites nothing."""
    if not _NAME.fullmatch(name):
        raise CourseError(f"{name!r} is no name for an assignment: psNN_topic is, in lower case, for instance ps23_diffusion")
    stem = name.partition("_")[2]
    root = course.root
    submissions = root / "tests" / "submissions" / name
    files = {
        root / "solutions" / name / f"{stem}.py": SKELETON / "notebook.py.txt",
        root / "autograder" / "graders" / f"test_{name}.py": SKELETON / "grader.py.txt",
        submissions / "class.toml": SKELETON / "class.toml",
    }
    for kind in ("right", "wrong"):
        files |= {submissions / kind / f"scale_rows__{path.name}": path for path in sorted((SKELETON / kind).glob("*.py"))}
    existing = [path for path in files if path.exists()]
    if existing:
        raise CourseError(f"{existing[0].relative_to(root)} is there already; nothing was written")
    for target, template in files.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        text = template.read_text(encoding="utf-8")
        target.write_text(text.replace("@NAME@", name).replace("@STEM@", stem).replace("@TITLE@", title), encoding="utf-8")
    return list(files)


def enter_in_course(root: Path, name: str, title: str) -> bool:
    """Adds the line to course_config.py, in order. False when the list there has another form: then the author adds it."""
    path = root / CONFIG
    text = path.read_text(encoding="utf-8")
    entries = list(_ENTRY.finditer(text))
    if not entries or any(entry[2] == name for entry in entries):
        return bool(entries)
    before = [entry for entry in entries if entry[2] < name]
    place = before[-1].end() if before else entries[0].start()
    line = f'{entries[0][1]}Assignment("{name}", {title!r}),\n'.replace("'", '"')
    path.write_text(text[:place] + line + text[place:], encoding="utf-8")
    return True
