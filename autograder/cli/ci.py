"""`autograder ci`: grades what a repository holds and writes what a runner shows."""

import json
import os
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ..grading.course import Course, load_course
from ..grading.grader import Grader
from ..judge.jobs import BrokenGrader, GraderFault
from ..notebooks.hand_in import HandIn, NoNotebook, read_hand_in, read_one
from ..reports.graded_notebook import GradedNotebook
from .app import BAD_USE, app, check_choice, complain
from .grade import find_assignment, write_json
from .output_file import append, check_writable, write_whole

BELOW_THRESHOLD = 1
NAMED = 5  # files named in one sentence
LOG_COLUMNS = 120  # a log has no width of its own
# Folders of a course that hold no hand-in of this repository.
NOT_HANDED_IN = ("release", "source", "submitted", "autograded", "feedback", "demo", "tests")


@dataclass(frozen=True)
class Found:
    """One notebook to grade. others: notebooks of the same name that are not graded; hand_in: what was read of one that has another name."""

    path: Path
    assignment: str
    others: tuple[Path, ...] = ()
    hand_in: HandIn | None = None


@dataclass(frozen=True)
class Outputs:
    """Where to write. summary_file: written anew; step_summary: a file of the runner, added to."""

    junit: Path | None
    summary_file: Path | None
    step_summary: Path | None
    gradescope: Path | None
    json_file: Path | None
    files: tuple[Path | None, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "files", (self.junit, self.summary_file, self.gradescope, self.json_file))


@app.command()
def ci(
    notebooks: Annotated[list[Path] | None, typer.Argument(help="Notebooks; when none is named, those in --folder.")] = None,
    folder: Annotated[Path, typer.Option(help="Where to look for notebooks named like the course's.")] = Path("."),
    assignment: Annotated[str | None, typer.Option(help="Grade this assignment only; for named notebooks: the assignment they answer.")] = None,
    threshold: Annotated[float | None, typer.Option(metavar="PERCENT", help="Exit with 1 when a notebook has less than this share of its points.")] = None,
    junit: Annotated[Path | None, typer.Option(metavar="FILE", help="Write JUnit XML here.")] = None,
    summary: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a Markdown summary here.", show_default="$GITHUB_STEP_SUMMARY")] = None,
    gradescope: Annotated[Path | None, typer.Option(metavar="FILE", help="Write Gradescope's results.json here.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write the verdicts here, as JSON.")] = None,
    annotations: Annotated[bool | None, typer.Option("--annotations/--no-annotations", help="GitHub annotations.", show_default="on in GitHub Actions")] = None,
    graders: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Hidden graders that lie elsewhere.")] = None,
    device: Annotated[str | None, typer.Option(help="cpu or cuda; where the graders put their tensors.")] = None,
    sandbox: Annotated[str | None, typer.Option(help="bwrap, or none: run student code without a wall.")] = None,
    require: Annotated[str, typer.Option(help="Layers of the sandbox without which nothing is run, for instance userns,net,pids.")] = "",
) -> None:
    """Grade what a repository holds; write JUnit XML, a summary, annotations, Gradescope results.

    Exit status: 0 graded and the threshold reached, 1 below the threshold, 2 bad use, 3 the grader itself could not work. Where one hidden grader is broken,
    the notebooks of the other assignments are graded and written all the same, but not for Gradescope, which knows whole marks only.
    """
    course = load_course()
    check_choice("--device", device, ("cpu", "cuda"))
    check_choice("--sandbox", sandbox, ("bwrap", "none"))
    if threshold is not None and not 0 <= threshold <= 100:
        raise SystemExit(complain(f"--threshold is {threshold:g}; it can be 0 to 100 percent", BAD_USE))
    if graders is not None and not graders.is_dir():
        raise SystemExit(complain(f"there is no folder {graders} with graders", BAD_USE))
    if assignment is not None:
        course.master(assignment)
    step_summary = Path(os.environ["GITHUB_STEP_SUMMARY"]) if summary is None and os.environ.get("GITHUB_STEP_SUMMARY") else None
    outputs = Outputs(junit, summary, step_summary, gradescope, json_file)
    check_writable(*outputs.files)
    found = _named(course, notebooks, assignment) if notebooks else find_notebooks(course, folder, assignment)
    if not found:
        raise SystemExit(_nothing_found(course, folder, assignment, outputs))
    graders = graders.resolve() if graders is not None else None
    layers = tuple(layer.strip() for layer in require.split(",") if layer.strip())
    annotate = os.environ.get("GITHUB_ACTIONS") == "true" if annotations is None else annotations
    graded, broken = _grade(Grader(course, sandbox, device, graders, layers, borrow=True), found, folder, annotate)
    if not broken:
        _write(outputs, graded, threshold)
    elif graded:
        _write(replace(outputs, gradescope=None), graded, threshold)
    if annotate:
        from ..reports.annotations import annotations_of

        for line in annotations_of(graded, threshold):
            print(line, flush=True)
    if broken:
        raise BrokenGrader("; ".join(broken))
    if not all(notebook.reaches(threshold) for notebook in graded):
        raise SystemExit(BELOW_THRESHOLD)


def _rank(assignment: str, path: Path) -> tuple[bool, int, str]:
    """Of several notebooks of one name: the one in the folder of its assignment, the nearest, by name."""
    return path.parent.name != assignment, len(path.parts), str(path)


def find_notebooks(course: Course, folder: Path, assignment: str | None = None) -> list[Found]:
    """The notebook of each assignment, in the order of the course; hidden folders and the course's own are left out.

    Of several named like the master the one in a folder named after its assignment is graded, else the one nearest to the top. Where there is none, or
    none of its answers is filled in, one under another name or in an archive is, when it has the assignment's cells.
    """
    if not folder.is_dir():
        raise SystemExit(complain(f"there is no folder {folder}", BAD_USE))
    names = {master.notebook: master.name for master in course.masters.values() if assignment in (None, master.name)}
    places: dict[str, list[Path]] = {name: [] for name in names.values()}
    for where, folders, files in os.walk(folder):
        here = Path(where)
        folders[:] = sorted(name for name in folders if not name.startswith(".") and not _is_of_the_course(course, here / name))
        for file in sorted(set(files) & names.keys()):
            places[names[file]].append(here / file)
    found = []
    for name in course.names:
        ranked = sorted(places.get(name, []), key=partial(_rank, name))
        other = _under_another_name(course, folder, name, ranked) if name in places else None
        if other is not None and other.file.path is not None:
            found.append(Found(other.file.path, name, tuple(ranked), other))
        elif ranked:
            found.append(Found(ranked[0], name, tuple(ranked[1:])))
    return found


def _under_another_name(course: Course, folder: Path, name: str, ranked: list[Path]) -> HandIn | None:
    master = course.master(name)
    if ranked and (named := read_one(ranked[0], master, course.masters)).plan is not None and named.plan.answered:
        return None
    try:
        other = read_hand_in(folder, master, course.masters, lambda here: _is_of_the_course(course, here), by_ids=True)
    except NoNotebook:
        return None
    is_named = other.file.path is not None and other.file.path in ranked
    return other if other.plan is not None and not is_named and (other.plan.answered or not ranked) else None


def _is_of_the_course(course: Course, folder: Path) -> bool:
    folder = folder.resolve()
    return folder == course.root or (folder.parent == course.root and folder.name in NOT_HANDED_IN)


def _named(course: Course, notebooks: list[Path], assignment: str | None) -> list[Found]:
    for path in notebooks:
        if not os.path.lexists(path):
            raise SystemExit(complain(f"there is no notebook {path}", BAD_USE))
    return [Found(path, assignment or find_assignment(course, path)) for path in notebooks]


def _nothing_found(course: Course, folder: Path, assignment: str | None, outputs: Outputs) -> int:
    """A sentence; Gradescope gets it too, for there it is the student who reads it."""
    wanted = sorted(master.notebook for master in course.masters.values() if assignment in (None, master.name))
    if not wanted:
        return complain(f"{course.title} has no release notebooks: run `autograder build`", BAD_USE)
    if outputs.gradescope is not None:
        from ..reports.gradescope import gradescope_results

        words = f"The hand-in holds no notebook named {' or '.join(wanted)}. Hand the notebook in under its own name."
        write_whole(outputs.gradescope, json.dumps(gradescope_results([], words), indent=2) + "\n")
    there = sorted(path.name for path in folder.iterdir() if path.name[0] != "." and path.is_file())[:NAMED]
    instead = f"; it holds {', '.join(there)}" if there else ""
    return complain(f"{folder} holds no notebook to grade; looked for {', '.join(wanted)}{instead}", BAD_USE)


def _grade(grader: Grader, found: list[Found], folder: Path, annotate: bool) -> tuple[list[GradedNotebook], list[str]]:
    """Grades one after the other and prints the tables, where the runner obeys no command. The second: what is wrong with graders that are broken."""
    from contextlib import nullcontext

    from ..reports.annotations import annotation, fence
    from ..reports.terminal import show_verdict

    def write(line: str) -> None:
        print(line, flush=True)

    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = LOG_COLUMNS
    graded: list[GradedNotebook] = []
    broken: dict[str, BrokenGrader] = {}

    def say(fault: GraderFault, path: Path) -> None:
        if annotate:
            write(annotation("error", f"The grader could not work; this is not a mark. {fault}", _in_repository(path, folder), "autograder"))

    current = found[0]
    try:
        with fence(write) if annotate else nullcontext(), grader:
            _check_device(grader.device)
            grader.start()
            for current in found:
                if current.assignment in broken:
                    continue
                try:
                    verdict = grader.grade_file(current.path, current.assignment, current.hand_in)
                except BrokenGrader as error:
                    broken[current.assignment] = error
                    continue
                others = tuple(_in_repository(path, folder) for path in current.others)
                graded.append(GradedNotebook(_in_repository(current.path, folder), verdict, others))
                show_verdict(console, verdict)
    except GraderFault as error:
        say(error, current.path)
        raise
    for one in found:
        if one.assignment in broken:
            say(broken[one.assignment], one.path)
    return graded, list(map(str, broken.values()))


def _check_device(device: str) -> None:
    if device == "cuda":
        import torch

        if not torch.cuda.is_available():
            raise GraderFault("--device cuda: torch sees no CUDA device on this machine")


def _in_repository(path: Path, folder: Path) -> str:
    """The path as the repository names it: below --folder, else below the runner's workspace, else as it was given."""
    here = path.absolute()
    for top in (folder.absolute(), Path(os.environ.get("GITHUB_WORKSPACE") or os.environ.get("CI_PROJECT_DIR") or Path.cwd()).absolute()):
        if here.is_relative_to(top):
            return here.relative_to(top).as_posix()
    return path.name if path.is_absolute() else path.as_posix()


def _write(outputs: Outputs, graded: list[GradedNotebook], threshold: float | None) -> None:
    from ..reports.gradescope import gradescope_results
    from ..reports.junit import junit_xml
    from ..reports.summary import summary_markdown

    if outputs.json_file is not None:
        write_json(outputs.json_file, [notebook.verdict for notebook in graded])
    if outputs.junit is not None:
        write_whole(outputs.junit, junit_xml(graded))
    if outputs.gradescope is not None:
        write_whole(outputs.gradescope, json.dumps(gradescope_results(graded), indent=2) + "\n")
    if outputs.summary_file is not None:
        write_whole(outputs.summary_file, summary_markdown(graded, threshold))
    if outputs.step_summary is not None:
        append(outputs.step_summary, summary_markdown(graded, threshold))
