"""What the commands have in common: the application that they register with, and how a sentence and an exit status are given."""

import typer
from rich.console import Console

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich",
    help="Build assignments, grade notebooks, test graders.",
)  # fmt: skip
BAD_USE, CANNOT_WORK = 2, 3


def complain(sentence: str, status: int) -> int:
    """Prints a sentence on stderr and returns the status."""
    Console(stderr=True, highlight=False).print(f"[bold red]autograder:[/] {_escaped(sentence)}", soft_wrap=True)
    return status


def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape(text)


def check_choice(option: str, value: str | None, choices: tuple[str, ...]) -> None:
    """Ends the command when an option has none of the values that it can have."""
    if value is not None and value not in choices:
        raise SystemExit(complain(f"{option} is {value!r}; it can be {' or '.join(choices)}", BAD_USE))
