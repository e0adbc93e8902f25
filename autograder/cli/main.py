"""The commands, and how an error becomes a sentence and an exit status."""

import sys
from collections.abc import Callable

import typer
from rich.console import Console

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich",
    help="Build assignments, grade notebooks, test graders.",
)  # fmt: skip
BAD_USE, CANNOT_WORK = 2, 3


def main() -> None:
    """Entry point of the console script."""
    from . import build, ci, demo, doctor, export, grade, grade_class, new, report, verify  # noqa: F401 - each registers its command

    # nbformat's validator would load a grammar of international web addresses, which takes a second and no notebook asks for.
    sys.modules.setdefault("rfc3987_syntax", None)
    sys.exit(run(app))


def run(command: Callable) -> int:
    """Runs a command; errors that the kit knows become one sentence on stderr."""
    from ..authoring.errors import BuildError
    from ..grading.course import CourseError
    from ..judge.jobs import GraderFault
    from ..notebooks.master import MasterError
    from ..sandbox.launch import SandboxError

    try:
        command()
    except (CourseError, MasterError) as error:
        return complain(str(error), BAD_USE)
    except BuildError as error:
        return complain(str(error), 1)
    except (GraderFault, SandboxError) as error:
        return complain(f"the grader could not work: {error}", CANNOT_WORK)
    except KeyboardInterrupt:
        return complain("stopped", 130)
    except SystemExit as stop:
        return int(stop.code or 0) if not isinstance(stop.code, str) else complain(stop.code, BAD_USE)
    return 0


def complain(sentence: str, status: int) -> int:
    """Prints a sentence on stderr and returns the status."""
    Console(stderr=True, highlight=False).print(f"[bold red]autograder:[/] {_escaped(sentence)}", soft_wrap=True)
    return status


def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape(text)
