"""`autograder serve`."""

from typing import Annotated

import typer
from rich.console import Console

from ..grading.course import load_course
from ..grading.grader import Grader
from .app import BAD_USE, app, complain


@app.command()
def serve(
    minutes: Annotated[float, typer.Option(help="How long it stays when nobody grades.", min=0.01)] = 10.0,
    device: Annotated[str | None, typer.Option(help="cpu or cuda, as for `grade`.")] = None,
) -> None:
    """Keep a warm grader for a while, for who grades one notebook after the other: `grade` and `ci` use it, and need not start one.

    It is never needed, serves this user only, one command at a time, and ends by itself. What has changed in the course is seen.
    """
    from ..grading.serving import Server, ServingError

    course = load_course()
    grader = Grader(course, device=device)
    console = Console(highlight=False)
    server = Server(course.root, grader.graders, grader.start_with, grader.started, grader.end, minutes * 60)
    console.print(f"A grader of this course is kept until nobody has graded for {minutes:g} minutes. Ctrl+C ends it.")
    try:
        server.run()
    except ServingError as error:
        raise SystemExit(complain(str(error), BAD_USE)) from None
    console.print(f"Ended: it was borrowed {server.lent} times.")
