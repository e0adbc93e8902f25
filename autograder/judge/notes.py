"""Sentences of a verdict that are about a notebook's cells: names that changed, cells that had no time left, the cell of an exercise that does not run."""

from ..notebooks.plan import PlannedCell
from .jobs import CellOutcome
from .words import one_line

MAX_NAMED = 4  # exercises or cells that a note names


def note_on_names(exercises: list[str]) -> str:
    if len(exercises) == 1:
        return f"{exercises[0]} counts as it was at its check: further down a name that it uses means something else, or nothing"
    names = ", ".join(exercises) if len(exercises) <= MAX_NAMED else f"{len(exercises)} exercises"
    return f"{names} count as they were at their checks: further down names that they use mean something else, or nothing"


def note_on_time(left_out: list[PlannedCell], seconds: float) -> str:
    """Which own cells were left out, each by the line that says most of it."""
    lines = [[line.strip() for line in cell.source.splitlines() if line.strip()] for cell in left_out]
    telling = [next((line for line in cell if not line.startswith(("#", "import ", "from ", "%", "!"))), next(iter(cell), "")) for cell in lines]
    shown = ", ".join(f"`{one_line(line, 50)}`" for line in telling[:MAX_NAMED])
    more = f" and {len(left_out) - MAX_NAMED} more" if len(left_out) > MAX_NAMED else ""
    return (
        f"the cells that were added to the notebook have {seconds:g} s together; no time was left for {shown}{more}: only imports, functions, classes "
        "and plain values in them were run. It costs no points"
    )


def reason_of_cell(problem: CellOutcome) -> str:
    return problem.reason if problem.reason in ("timeout", "memory", "exited", "output limit", "not attempted") else "crashed"


def words_of_cell(name: str, problem: CellOutcome) -> str:
    error = next((output for output in problem.outputs if output.get("output_type") == "error"), None)
    if problem.words:
        return f"the cell of {name} did not run to its end: {problem.words}"
    if error is None:
        return f"the cell of {name} did not run to its end"
    words = one_line(f"{error.get('ename', '')}: {error.get('evalue', '')}", 240)
    return f"the cell of {name} does not run: {words}"


def note_on_parts(name: str, parts: list[str]) -> str:
    """Which parts were lent to an exercise."""
    right = " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
    return f"where {name} did not hold with the notebook's own parts, it was tried with a right {right} too: what is wrong there costs its own points only"
