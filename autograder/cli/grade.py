"""`autograder grade`."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ..grading.course import Course, load_course
from ..grading.grader import Grader
from ..judge.jobs import BrokenGrader
from ..judge.verdict import Verdict
from .app import BAD_USE, app, check_choice, complain


@app.command()
def grade(
    notebooks: Annotated[list[Path], typer.Argument(help="Notebooks to grade.")],
    assignment: Annotated[str | None, typer.Option(help="The assignment, when the notebook does not tell.")] = None,
    device: Annotated[str | None, typer.Option(help="cpu or cuda; where the graders put their tensors.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the verdict here, as JSON.")] = None,
    sandbox: Annotated[str | None, typer.Option(help="bwrap, or none: run student code without a wall.")] = None,
    require: Annotated[str, typer.Option(help="Layers of the sandbox without which nothing is run, for instance userns,net,pids.")] = "",
) -> None:
    """Grade notebooks and say what was found.

    Exit status: 0 graded, whatever the mark; 2 bad use; 3 the grader itself could not work. Where one hidden grader is broken, the other notebooks are graded
    all the same.
    """
    course = load_course()
    check_choice("--device", device, ("cpu", "cuda"))
    check_choice("--sandbox", sandbox, ("bwrap", "none"))
    missing = [path for path in notebooks if not os.path.lexists(path)]
    if missing:
        raise SystemExit(complain(f"there is no notebook {missing[0]}", BAD_USE))
    names = [assignment or find_assignment(course, path) for path in notebooks]
    console = Console(highlight=False)
    verdicts: list[Verdict] = []
    broken: dict[str, str] = {}
    with Grader(course, sandbox, device, require=tuple(layer.strip() for layer in require.split(",") if layer.strip()), borrow=True) as grader:
        grader.start()
        from ..reports.terminal import show_verdict

        for path, name in zip(notebooks, names, strict=True):
            if name in broken:
                continue
            try:
                verdict = grader.grade_file(path, name)
            except BrokenGrader as error:
                broken[name] = str(error)
                continue
            verdicts.append(verdict)
            show_verdict(console, verdict)
    if json_file is not None and verdicts:
        write_json(json_file, verdicts, several=len(notebooks) > 1)
    if broken:
        raise BrokenGrader("; ".join(broken.values()))


def find_assignment(course: Course, path: Path) -> str:
    """The assignment of a notebook: a folder of its name above it, else the notebook's own name, else its grade ids, else the answers that it defines."""
    from ..notebooks.hand_in import what_it_holds
    from ..notebooks.reader import Unreadable

    for part in reversed(path.resolve().parts):
        if part in course.names:
            return part
    for master in course.masters.values():
        if master.notebook == path.name:
            return master.name
    try:
        ids, names = what_it_holds(path)
    except Unreadable as error:
        raise SystemExit(complain(f"{error}. Which assignment is it? Say --assignment NAME", BAD_USE)) from None
    for held, wanted in ((ids, lambda master: set(master.by_id)), (names, lambda master: set(master.exercises))):
        shared = {master.name: len(held & wanted(master)) for master in course.masters.values()}
        found = [name for name, number in shared.items() if number and number == max(shared.values())]
        if len(found) == 1 or (found and held is ids):
            return found[0]
        if found:
            raise SystemExit(complain(f"{path.name} may be of {' or '.join(found)}: say --assignment NAME", BAD_USE))
    raise SystemExit(complain(f"{path.name} holds no graded cell of this course: say --assignment NAME", BAD_USE))


def write_json(path: Path, verdicts: list[Verdict], several: bool = False) -> None:
    """One verdict as an object, several as a list (so too one of several that were wanted); whole or not at all."""
    records = [verdict.to_json() for verdict in verdicts]
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(json.dumps(records if several or len(records) != 1 else records[0], indent=2) + "\n", encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise SystemExit(complain(f"cannot write {path}: {error.strerror}", BAD_USE)) from None
