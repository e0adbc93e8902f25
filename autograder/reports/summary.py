"""The Markdown page of a CI run (`$GITHUB_STEP_SUMMARY`). Everything that comes from a submission is shown as the characters it has."""

import re

from ..judge.verdict import CriterionResult, ExerciseResult
from ..judge.words import MESSAGE_CHARS, one_line
from .feedback import points_words
from .graded_notebook import GradedNotebook, is_idle

MAX_BYTES = 1_000_000  # GitHub drops a summary of more than 1 MiB
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_MARKS = re.compile(r"[\\`*_{}\[\]()#+\-.!|~^$:/@=\"']")


def summary_markdown(graded: list[GradedNotebook], threshold: float | None) -> str:
    """A table for each notebook; cut with a sentence before GitHub would drop it all."""
    text = "\n".join(line for notebook in graded for line in _notebook(notebook, threshold)) + "\n"
    data = text.encode()
    if len(data) <= MAX_BYTES:
        return text
    whole_lines = data[:MAX_BYTES].decode(errors="ignore").rpartition("\n")[0]
    return f"{whole_lines}\n\nThe rest is too long for this page.\n"


def markdown_text(text: str) -> str:
    """Text on one line that Markdown and HTML show as it is: no markup, link, image, table or element comes of it."""
    line = one_line(text, MESSAGE_CHARS)
    return "".join(_HTML.get(c) or (f"\\{c}" if _MARKS.match(c) else c) for c in line)


def _notebook(notebook: GradedNotebook, threshold: float | None) -> list[str]:
    verdict = notebook.verdict
    points = f"{points_words(verdict.points)} of {points_words(verdict.max_points)} points"
    lines = [f"### {markdown_text(verdict.assignment)}: {points}", ""]
    words = markdown_text(notebook.path)
    if threshold is not None:
        words += f" · ✅ {threshold:g} % reached" if notebook.reaches(threshold) else f" · ❌ {threshold:g} % not reached"
    if verdict.sandbox and "bwrap" not in verdict.sandbox:
        words += " · graded without a sandbox"
    lines += [words, ""]
    lines += [f"> {markdown_text(note)}" for note in notebook.notes] + [""] * bool(notebook.notes)
    lines += ["| | exercise | points | what was found |", "|---|---|---:|---|"]
    lines += [_row(exercise) for exercise in verdict.exercises]
    return [*lines, ""]


def _row(exercise: ExerciseResult) -> str:
    full, idle = exercise.points == exercise.max_points, is_idle(exercise)
    mark = "✅" if full else "➖" if idle else "❌"
    if full:
        words = f"all {len(exercise.criteria)} criteria hold"
    elif idle:
        words = "not attempted"
    else:
        words = "<br>".join(_criterion(criterion) for criterion in exercise.criteria if not criterion.passed)
    points = f"{points_words(exercise.points)} / {points_words(exercise.max_points)}"
    return f"| {mark} | {markdown_text(exercise.name)} | {points} | {words} |"


def _criterion(criterion: CriterionResult) -> str:
    hint = f" <i>Hint: {markdown_text(criterion.hint)}</i>" if criterion.hint else ""
    return f"<b>{markdown_text(criterion.title)}</b> ({criterion.reason}): {markdown_text(criterion.message)}{hint}"
