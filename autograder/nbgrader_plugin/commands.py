"""Several nbgrader commands in one process: what `nbgrader COMMAND …` does when typed, with the judges kept warm in between.

python -m autograder.nbgrader_plugin.commands '[["autograde", "ps00_start"], ["export"]]'
"""

import json
import sys

from ..notebooks.lean_imports import without_address_grammar

without_address_grammar()  # before nbgrader is loaded

from jupyter_core.application import NoStart
from nbgrader.apps import NbGraderApp


def run_command(arguments: list[str]) -> None:
    """Runs one nbgrader command in the current folder. Raises SystemExit as nbgrader does when it fails."""
    NbGraderApp.clear_instance()
    app = NbGraderApp.instance()
    try:
        app.initialize(arguments)
        app.start()
    except NoStart:
        pass  # a subcommand has run; jupyter's way of saying that there is nothing left to do
    finally:
        if app.subapp is not None:
            type(app.subapp).clear_instance()
        NbGraderApp.clear_instance()


def main() -> None:
    for arguments in json.loads(sys.argv[1]):
        print(json.dumps({"nbgrader": arguments}), flush=True)
        run_command(arguments)


if __name__ == "__main__":
    main()
