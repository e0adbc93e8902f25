"""`autograder build`."""

from typing import Annotated

import typer
from rich.console import Console

from ..grading.course import load_course
from .app import app


@app.command()
def build(
    assignments: Annotated[list[str] | None, typer.Argument(help="Assignments; all of the course when none is named.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Change nothing; fail with the list of files that are stale.")] = False,
) -> None:
    """Make source/ and release/ from the text in solutions/, whose visible checks the reference must pass."""
    from ..authoring.build import build as build_assignments
    from ..authoring.build import stale_files
    from ..authoring.errors import BuildError
    from ..authoring.visible_checks import failing_checks

    course = load_course()
    names = assignments or course.names
    for name in names:
        course.assignment(name)
    console = Console(highlight=False)
    if check:
        stale = stale_files(course, names)
        for path in stale:
            console.print(f"stale: {path}", soft_wrap=True)
        if stale:
            console.print(f"[red]{len(stale)} stale files:[/] run `autograder build` and commit what it makes")
            raise SystemExit(1)
        console.print(f"[green]fresh:[/] source/ and release/ of {len(names)} assignments agree with solutions/")
        return
    failing = failing_checks(course.root, names)
    if failing:
        raise BuildError("\n".join(["the reference does not pass its own visible checks; nothing was built", *failing]))
    for name, built in zip(names, build_assignments(course, names, say=lambda words: console.print(words, markup=False, soft_wrap=True)), strict=True):
        console.print(f"[green]built[/] {name} → {built.relative_to(course.root)}")
