"""Which exercise follows which section of the lecture notes: docs/sections.md, made from docs/note_sections.toml and the notebooks.

    .venv/bin/python tools/note_sections.py [--check]

Every exercise names its sections in a line of the Markdown above its solution cell: `Notes: 000 §1.2.1 · 002 优化算法`. With `--check` nothing is written; what
is wrong is said in a sentence each, and the status is 1: a section without an exercise and without a word why, an exercise that names no section or one that
does not exist, and a table that is not as it would be written now. Of an assignment that is still to come, sections may wait for it (`coming`) as long as
none of its exercises has such a line.
"""

import argparse
import difflib
import re
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder.grading.course import load_course
from autograder.notebooks.reference import solution_path

ROOT = Path(__file__).resolve().parents[1]
DATA, DOCUMENT = "docs/note_sections.toml", "docs/sections.md"
MOST = 4  # sections that one exercise names
PLACEHOLDER = "?"
_LINE = re.compile(r"# Notes: *(.*?) *")
_SOLUTION = re.compile(r'# %% nbgrader=.*"grade_id": "(\w+)".*"solution": true')

Names = dict[str, list[str]]  # the Notes lines of each exercise, as they stand there


@dataclass
class Section:
    """A row of the data file, which says what its entries mean. above and below: as the headings are nested. exercises: those that name it."""

    note: str
    at: str
    title: str = ""
    level: int = 1
    part: bool = False
    reason: str = ""
    gap: str = ""
    coming: str = ""
    above: "Section | None" = None
    below: list["Section"] = field(default_factory=list)
    exercises: list[tuple[str, str]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.note} {self.at}"

    @property
    def counts(self) -> bool:
        """Has to have an exercise or a word why not; chapters, whose sections have, and parts of a section do not."""
        return not self.part and all(below.part for below in self.below)

    @property
    def graded(self) -> bool:
        return bool(self.exercises) or any(below.graded for below in self.below if below.part)

    def said(self, key: str) -> str:
        """reason, gap or coming, of a section above it where it has none."""
        return getattr(self, key) or (self.above.said(key) if self.above else "")


KINDS: list[tuple[str, Callable[[Section], object]]] = [
    ("graded", lambda section: section.graded),
    ("not graded", lambda section: section.said("reason")),
    ("without an exercise yet", lambda section: section.said("gap")),
    ("to come", lambda section: section.said("coming")),
]


@dataclass(frozen=True)
class Note:
    number: str
    title: str
    sections: list[Section]

    @property
    def counted(self) -> list[Section]:
        return [section for section in self.sections if section.counts]


def read_notes(path: Path) -> list[Note]:
    """The data file. Raises ValueError where it names a section twice or says two things of one."""
    notes = []
    for table in tomllib.loads(path.read_text(encoding="utf-8"))["note"]:
        note = Note(table["number"], table["title"], [Section(table["number"], **row) for row in table["sections"]])
        names = [section.name for section in note.sections]
        twice = [name for name in names if names.count(name) > 1]
        torn = [section.name for section in note.sections if sum(map(bool, (section.reason, section.gap, section.coming))) > 1]
        if twice or torn:
            raise ValueError(f"{path.name}: {twice[0]} stands there twice" if twice else f"{path.name}: {torn[0]} has more than one of reason, gap and coming")
        _connect(note.sections)
        notes.append(note)
    return notes


def _connect(sections: list[Section]) -> None:
    path: list[Section] = []
    for section in sections:
        path = [above for above in path if above.level < section.level]
        if path:
            section.above = path[-1]
            path[-1].below.append(section)
        path.append(section)


def names_in(text: str) -> Names:
    """The Notes lines of each exercise of a notebook's text: those that stand in Markdown between the solution cell before it and its own."""
    names: Names = {}
    lines: list[str] = []
    in_prose = False
    for line in text.splitlines():
        if line.startswith("# %%"):
            in_prose = line.startswith("# %% [markdown]")
            if solution := _SOLUTION.match(line):
                names[solution[1]] = lines
                lines = []
        elif in_prose and (found := _LINE.fullmatch(line)):
            lines.append(found[1])
    return {name: found for name, found in names.items() if f'"grade_id": "test_{name}"' in text}


def read_course(root: Path) -> dict[str, Names]:
    return {name: names_in(solution_path(name, root).read_text(encoding="utf-8")) for name in load_course(root).names}


def problems(notes: list[Note], course: Mapping[str, Names]) -> Iterator[str]:
    """What is wrong, a sentence each. Enters the exercises in the sections."""
    sections = {section.name: section for note in notes for section in note.sections}
    to_come = {section.coming for section in sections.values() if section.coming}
    for assignment, names in course.items():
        if assignment in to_come and not any(names.values()):
            continue
        for exercise, lines in names.items():
            where = f"{assignment}, {exercise}"
            if len(lines) != 1:
                yield f'{where}: {len(lines) or "no"} lines "Notes: …" in its Markdown; each exercise has one, below its difficulty line'
            elif lines[0] in ("", PLACEHOLDER):
                yield f'{where}: "Notes: {lines[0]}" names no section yet; {DATA} has those of the notes, for instance "Notes: 000 §1.2.1 · 002 优化算法"'
            else:
                yield from _entered(where, (assignment, exercise), lines[0].split(" · "), sections)
    for section in sections.values():
        yield from _told(section, course)


def _entered(where: str, exercise: tuple[str, str], named: list[str], sections: dict[str, Section]) -> Iterator[str]:
    if len(named) > MOST:
        yield f"{where}: names {len(named)} sections; choose the {MOST} that say most about it"
    for name in named:
        section = sections.get(name)
        if section is None:
            near = difflib.get_close_matches(name, sections, n=1)
            yield f"{where}: there is no section {name!r} in {DATA}" + (f"; did you mean {near[0]!r}?" if near else "")
        elif exercise in section.exercises:
            yield f"{where}: names {name} twice"
        else:
            section.exercises.append(exercise)
    if all(name in sections and not sections[name].counts and not sections[name].part for name in named):
        yield f"{where}: names whole chapters only; name a section in one of them"


def _told(section: Section, course: Mapping[str, Names]) -> Iterator[str]:
    for key, words in (("reason", "is said not to be graded"), ("gap", "is said to be without an exercise yet"), ("coming", "is said to be still to come")):
        if section.exercises and section.said(key):
            yield f"{section.name}: {words} ({key} = {section.said(key)!r}), and {', '.join(section.exercises[0])} names it: take the {key} out of {DATA}"
    if section.coming and any(course.get(section.coming, {}).values()):
        yield f"{section.name}: is to come with {section.coming}, whose exercises name their sections already: one of them names it, or it gets a reason"
    if section.counts and not any(holds(section) for _, holds in KINDS):
        yield f"{section.name}: no exercise names it, and {DATA} does not say why"


def document(notes: list[Note]) -> str:
    """docs/sections.md. The exercises are in the sections already."""
    counted = [section for note in notes for section in note.counted]
    exercises = {exercise for note in notes for section in note.sections for exercise in section.exercises}
    data = Path(DATA).name
    numbers = ", ".join(f"{_number(holds, counted)} {kind}" for kind, holds in KINDS)
    lines = [
        "# Sections of the notes and their exercises",
        "",
        f"{len(exercises)} exercises name the sections of the lecture notes that they follow. Of {len(counted)} sections: {numbers}.",
        "Chapters, in bold, and parts of a section are not counted.",
        "",
        f"`tools/note_sections.py` makes this page from the notebooks (`Notes: …`) and [{data}]({data}); it is not edited by hand.",
        "",
        f"| note | sections | {' | '.join(kind for kind, _ in KINDS)} |",
        "|---|---|" + "---|" * len(KINDS),
    ]
    for note in notes:
        numbers = " | ".join(str(_number(holds, note.counted)) for _, holds in KINDS)
        lines.append(f"| {note.number} {note.title} | {len(note.counted)} | {numbers} |")
    for note in notes:
        lines += ["", f"## {note.number} {note.title}", "", "| section | exercises |", "|---|---|", *map(_row, note.sections)]
    return "\n".join(lines) + "\n"


def _number(holds: Callable[[Section], object], sections: list[Section]) -> int:
    return sum(bool(holds(section)) for section in sections)


def _row(section: Section) -> str:
    title = f"{section.at} {section.title}".strip()
    is_chapter = not section.counts and not section.part
    return f"| {'&emsp;' * (section.level - 1)}{f'**{title}**' if is_chapter else title} | {_listed(section.exercises) or _instead(section)} |"


def _listed(exercises: list[tuple[str, str]]) -> str:
    by_assignment: dict[str, list[str]] = {}
    for assignment, exercise in sorted(exercises):
        by_assignment.setdefault(assignment, []).append(f"`{exercise}`")
    return " · ".join(f"{assignment} {', '.join(names)}" for assignment, names in by_assignment.items())


def _instead(section: Section) -> str:
    if section.reason:
        return f"*not graded: {section.reason}*"
    if section.gap:
        return f"**without an exercise yet**: {section.gap}"
    if section.coming:
        return f"*to come: {section.coming}*"
    if section.part:
        return "*part of the section above*"
    return "**none**" if section.counts and not any(holds(section) for _, holds in KINDS) else ""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; say what is wrong and end with 1")
    check = parser.parse_args(arguments).check
    notes = read_notes(ROOT / DATA)
    found = list(problems(notes, read_course(ROOT)))
    path, text = ROOT / DOCUMENT, document(notes)
    if not check:
        path.write_text(text, encoding="utf-8")
    elif not path.is_file() or path.read_text(encoding="utf-8") != text:
        found.append(f"{DOCUMENT} is not what the notebooks and {DATA} say now: run tools/note_sections.py")
    print(*found, sep="\n", end="\n" if found else "")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
