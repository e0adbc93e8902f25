"""A verdict in the terminal: a table that a student would like to read."""

import re

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from ..judge.verdict import CriterionResult, ExerciseResult, Verdict
from ..judge.words import MESSAGE_CHARS, one_line
from .feedback import points_words

_DOUBLED = re.compile("(:(?=:)|#(?=#))")  # in three of them, the second pair as well


def show_verdict(console: Console, verdict: Verdict) -> None:
    """Prints the verdict on one notebook."""
    table = Table(box=None, show_header=True, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0), expand=False)
    table.add_column("", width=1)
    table.add_column("exercise")
    table.add_column("points", justify="right", no_wrap=True)
    table.add_column("what was found", overflow="fold")
    for exercise in verdict.exercises:
        table.add_row(*_row(exercise))
    console.print()
    console.print(Text.assemble((verdict.assignment, "bold"), "  ", (_harmless(verdict.notebook), "dim")))
    for note in verdict.about:
        console.print(Text(f"  note: {_harmless(note)}", style="yellow"))
    console.print(table)
    share = verdict.points / verdict.max_points if verdict.max_points else 0
    colour = "green" if share == 1 else "yellow" if share >= 0.5 else "red"
    console.print(
        Text.assemble(
            (f"{points_words(verdict.points)} of {points_words(verdict.max_points)} points", f"bold {colour}"),
            (f"   {verdict.seconds:.2f} s, {_walls(verdict.sandbox)}", "dim"),
        )
    )


def _harmless(text: str) -> str:
    """One printable line that a CI log, which may break it anywhere, does not take for a command (`::error::`, `##[error]`)."""
    return _DOUBLED.sub(r"\1 ", one_line(text, MESSAGE_CHARS))


def _walls(layers: list[str]) -> str:
    return "sandbox: bubblewrap" if "bwrap" in layers else "NO SANDBOX" if layers else "not run"


def _row(exercise: ExerciseResult) -> tuple:
    full = exercise.points == exercise.max_points
    idle = all(criterion.reason == "not attempted" for criterion in exercise.criteria)
    mark = Text("✓", "green") if full else Text("–", "dim") if idle else Text("✗", "red")
    points = f"{points_words(exercise.points)} / {points_words(exercise.max_points)}"
    if full:
        count = len(exercise.criteria)
        words: Text | Group = Text(f"all {count} criteria hold" if count > 1 else "the criterion holds", "dim")
    elif idle:
        words = Text(f"not attempted: {_harmless(exercise.criteria[0].message)}", "dim")
    else:
        words = Group(*(_criterion(exercise, criterion) for criterion in exercise.criteria if not (criterion.passed or criterion.because)))
    return mark, exercise.name, points, words


def _criterion(exercise: ExerciseResult, criterion: CriterionResult) -> Text:
    """One that failed, with what it is worth, and how many others follow from it."""
    worth = f"  [{criterion.reason}, {points_words(exercise.points_of(criterion))} points]"
    text = Text.assemble((criterion.title, "bold"), (worth, "red"), f"\n  {_harmless(criterion.message)}")
    if criterion.hint:
        text.append(f"\n  Hint: {_harmless(criterion.hint)}", "yellow")
    followers = [other for other in exercise.criteria if other.because == criterion.title]
    if followers:
        lost = points_words(sum(map(exercise.points_of, followers)))
        text.append(f"\n  {_counted(len(followers))} because of this, {lost} points", "dim")
    return text


def _counted(count: int) -> str:
    return "one more criterion fails" if count == 1 else f"{count} more criteria fail"
