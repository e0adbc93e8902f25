"""`autograder new`."""

from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from ..grading.course import Course, load_course
from .app import BAD_USE, app, complain


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="psNN_topic, for instance ps23_diffusion.")],
    title: Annotated[str, typer.Option(help="The title students read.")] = "",
    exercise: Annotated[str, typer.Option(metavar="FUNCTION", help="Add an exercise: this function, which stands in a plain cell of the text.")] = "",
    points: Annotated[int | None, typer.Option(help="Of the exercise, taken from those that have most; the mean if not given.", min=1)] = None,
) -> None:
    """Make the skeleton of an assignment, or one exercise of an assignment that is there. It verifies as it is.

    An assignment: notebook, grader, right and wrong answers. An exercise: write the function with its docstring (`X: (n, d) float`) into a plain cell of
    solutions/psNN_topic/ first; cells, check, case, promises and answers are made from it.
    """
    course = load_course()
    console = Console(highlight=False)
    if exercise:
        if title:
            raise SystemExit(complain("--title is for a new assignment; an exercise is called as its function", BAD_USE))
        _exercise(course, name, exercise, points, console)
        return
    if points is not None:
        raise SystemExit(complain("--points goes with --exercise", BAD_USE))
    _assignment(course, name, title or name.partition("_")[2].replace("_", " ").capitalize(), console)


def _assignment(course: Course, name: str, title: str, console: Console) -> None:
    from ..authoring.build import build
    from ..authoring.new import enter_in_course, new_assignment

    for path in new_assignment(course, name, title):
        console.print(f"[green]wrote[/] {path.relative_to(course.root)}")
    if not enter_in_course(course.root, name, title):
        console.print(f'add to course_config.py:  Assignment("{name}", "{title}"),')
        return
    course = load_course(course.root)
    for path in build(course, [name]):
        console.print(f"[green]built[/] {path.relative_to(course.root)}")
    console.print(f"Now edit solutions/{name}/, and after each change: autograder build {name} && autograder verify {name}")


def _exercise(course: Course, name: str, exercise: str, points: int | None, console: Console) -> None:
    from ..authoring.new_exercise import new_exercise

    made = new_exercise(course, name, exercise, points)
    for path in made.files:
        console.print(f"[green]wrote[/] {path.relative_to(course.root)}", soft_wrap=True)
    console.print(f"points were taken: {', '.join(made.points)}", soft_wrap=True)
    for test, words in made.left_out.items():
        console.print(f"[yellow]left out:[/] {test.removeprefix('test_')}, which the function does not promise: {escape(words)}", soft_wrap=True)
    console.print(f"Now: autograder build {name} && autograder verify {name} --exercise {exercise}", soft_wrap=True)
