"""`autograder similar`."""

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from ..grading.course import Course, load_course
from .app import BAD_USE, CANNOT_WORK, app, complain
from .output_file import check_writable, write_whole

if TYPE_CHECKING:
    from ..similarity.answers import ReadClass

NAMED = 5  # sentences on hand-ins that could not be read


@app.command()
def similar(
    assignment: Annotated[str, typer.Argument(help="The assignment whose answers are compared.")],
    years: Annotated[
        list[Path] | None, typer.Option("--years", metavar="DIR", help="Hand-ins of another year: its submitted/, or the course it lies in. Can be repeated.")
    ] = None,
    threshold: Annotated[float, typer.Option(metavar="PERCENT", help="How much of the shorter answer's own part two must share to be shown.")] = 60,
    to: Annotated[Path, typer.Option("--to", metavar="FILE", help="The HTML file to write.")] = Path("similar.html"),
) -> None:
    """Show answers that are alike, side by side: pairs worth a conversation, no verdict. Nothing of the students' is run.

    Exercise by exercise, across this class and other years. What the release and the reference hold, and what a third of the class writes, is taken
    out; answers of three lines are not compared. docs/similar.md says how.
    Exit status: 0 done, 2 bad use (nothing handed in, for instance).
    """
    course = load_course()
    course.master(assignment)
    check_writable(to)
    if not 0 < threshold <= 100:
        raise SystemExit(complain(f"--threshold is {threshold:g}; a number above 0 and up to 100 is needed", BAD_USE))
    if importlib.util.find_spec("copydetect") is None:
        raise SystemExit(complain("copydetect is not installed, which compares the answers: pip install copydetect", CANNOT_WORK))
    folders = _folders(course, assignment, years or [])
    console = Console(highlight=False, soft_wrap=True)
    _compare(console, course, assignment, folders, threshold / 100, to)


def _folders(course: Course, assignment: str, years: list[Path]) -> dict[str, list[tuple[str, Path]]]:
    """{year: [(student, folder)]}; "" is this one. Ends with a sentence where there is nothing."""
    from ..similarity.answers import THIS_YEAR, hand_ins

    submitted = course.root / "submitted"
    found = {THIS_YEAR: hand_ins(submitted, assignment) if submitted.is_dir() else []}
    if not found[THIS_YEAR]:
        raise SystemExit(complain(f"nobody has handed in {assignment}: submitted/ holds no folder of it (autograder collect fills it)", BAD_USE))
    places = {submitted.resolve()}
    for given in years:
        if not given.is_dir():
            raise SystemExit(complain(f"--years {given}: there is no such folder", BAD_USE))
        place = (given / "submitted" if (given / "submitted").is_dir() else given).resolve()
        if place in places:
            raise SystemExit(complain(f"--years {given}: these hand-ins are compared already", BAD_USE))
        places.add(place)
        name = place.parent.name if place.name == "submitted" else place.name
        try:
            folders = hand_ins(place, assignment)
        except OSError as error:
            raise SystemExit(complain(f"--years {given} cannot be read: {error.strerror}", BAD_USE)) from None
        if not folders:
            raise SystemExit(complain(f"--years {given}: nobody there has handed in {assignment} (it reads STUDENT/{assignment}/)", BAD_USE))
        found[name if name and name not in found else str(given)] = folders
    return found


def _compare(console: Console, course: Course, assignment: str, folders: dict[str, list[tuple[str, Path]]], threshold: float, to: Path) -> None:
    from rich.progress import Progress

    from ..similarity.answers import THIS_YEAR, ReadClass, exercises_of, known_names, read_year
    from ..similarity.page import Findings, similarity_page
    from ..similarity.pairs import Comparison

    master, found = course.master(assignment), ReadClass()
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        reading = bar.add_task("reading", total=sum(map(len, folders.values())))
        for year, students in folders.items():
            read_year(found, year, students, master, course.masters, lambda: bar.advance(reading))
        _check_readable(assignment, found)
        taken_out, has_reference = _taken_out(course, assignment)
        comparison = Comparison(taken_out, known_names(master), threshold)
        for exercise in bar.track(exercises_of(master), description="comparing"):
            comparison.compare(exercise, found.answers.get(exercise.name, {}))
    pairs, title = comparison.sorted_pairs(), course.assignment(assignment).title
    write_whole(to, similarity_page(Findings(assignment, title, pairs, comparison.counts, found.readers, threshold, found.left_out, has_reference)))
    others = sum(count for year, count in found.readers.items() if year != THIS_YEAR)
    words = f"{found.readers[THIS_YEAR]} hand-ins" + (f" and {others} of other years" if others else "")
    console.print(f"[green]wrote[/] {to}: {words}, {len(pairs)} pair{'' if len(pairs) == 1 else 's'} worth a conversation")
    if not has_reference:
        console.print(f"solutions/{assignment}/ holds no reference that could be taken out: its way counts as anybody's", markup=False)
    for sentence in _shortened(found):
        console.print(sentence, markup=False)


def _check_readable(assignment: str, found: "ReadClass") -> None:
    from ..similarity.answers import THIS_YEAR

    if found.readers[THIS_YEAR] == 0 or sum(found.readers.values()) < 2:
        few = "none of the hand-ins" if sum(found.readers.values()) == 0 else "only one of the hand-ins" if found.readers[THIS_YEAR] else "none of this year's"
        words = "; ".join(_shortened(found))
        raise SystemExit(complain(f"{few} of {assignment} can be read, so there is nothing to compare{f'. {words}' if words else ''}", BAD_USE))


def _shortened(found: "ReadClass") -> list[str]:
    more = len(found.left_out) - NAMED
    sentences = ["".join(c if c.isprintable() else "?" for c in sentence) for sentence in found.left_out[:NAMED]]
    return [f"could not be read: {sentence}" for sentence in sentences] + ([f"and {more} more that could not be read"] if more > 0 else [])


def _taken_out(course: Course, assignment: str) -> tuple[list[tuple[str, bool]], bool]:
    """Texts of the release and the reference, each with whether it is code; and whether the reference is there."""
    from ..notebooks.master import MasterError
    from ..notebooks.reference import reference_cells

    master = course.master(assignment)
    cells = [*master.cells]
    try:
        cells += reference_cells(assignment, course.root)
        has_reference = True
    except MasterError:
        has_reference = False
    texts = [(cell.source, cell.cell_type == "code") for cell in cells]
    # A hint shows code in prose, and words are quoted in code.
    texts += [(source, not is_code) for source, is_code in texts if source]
    texts += [(data.decode(errors="replace"), True) for name, data in master.files.items() if name.endswith(".py")]
    return texts, has_reference
