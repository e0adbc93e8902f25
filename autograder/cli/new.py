"""`autograder new`."""

from typing import Annotated

import typer
from rich.console import Console

from ..grading.course import load_course
from .app import app


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="psNN_topic, for instance ps23_diffusion.")],
    title: Annotated[str, typer.Option(help="The title students read.")] = "",
) -> None:
    """Make the skeleton of an assignment: notebook, grader, right and wrong answers. It verifies as it is."""
    from ..authoring.build import build
    from ..authoring.new import enter_in_course, new_assignment

    course = load_course()
    title = title or name.partition("_")[2].replace("_", " ").capitalize()
    console = Console(highlight=False)
    for path in new_assignment(course, name, title):
        console.print(f"[green]wrote[/] {path.relative_to(course.root)}")
    if not enter_in_course(course.root, name, title):
        console.print(f'add to course_config.py:  Assignment("{name}", "{title}"),')
        return
    course = load_course(course.root)
    for path in build(course, [name]):
        console.print(f"[green]built[/] {path.relative_to(course.root)}")
    console.print(f"Now edit solutions/{name}/, and after each change: autograder build {name} && autograder verify {name}")
