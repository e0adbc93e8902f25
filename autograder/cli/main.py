"""The entry point: all commands, and how an error becomes a sentence and an exit status."""

import sys
from collections.abc import Callable

from ..notebooks.lean_imports import without_address_grammar
from . import build, ci, collect, demo, doctor, export, feedback, grade, grade_class, handout, new, report, serve, similar, verify  # noqa: F401 - each registers its command
from .app import BAD_USE, CANNOT_WORK, app, complain


def main() -> None:
    """Entry point of the console script."""
    without_address_grammar()
    sys.exit(run(app))


def run(command: Callable) -> int:
    """Runs a command; errors that the kit knows become one sentence on stderr."""
    from ..authoring.errors import BuildError, HandoutError
    from ..collecting.errors import CollectError
    from ..grading.course import CourseError
    from ..judge.jobs import GraderFault
    from ..notebooks.master import MasterError
    from ..sandbox.launch import SandboxError

    try:
        command()
    except (CollectError, CourseError, HandoutError, MasterError) as error:
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
