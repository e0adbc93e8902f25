"""The attacks as data: one TOML file for each class in `classes/`, and `odd_but_right.toml` with answers that must keep all their points.

A class file has `class`, `title` and a list of attacks:

    name        what the trick does
    wall        what stops it
    solution    {exercise: source} in place of the plain wrong answer (which is the exponential without the division)
    before, after     cells of the student's own, ahead of the first and behind the last exercise
    files       {name: text} beside the notebook
    made_by     a function of `malformed.py` that makes the submission from a plain wrong one
    exercise    the one that is attacked ("softmax")
    reason      how its first criterion must end
    points      what it must get (WRONG_POINTS, what the plain wrong answer gets, unless said otherwise)
    cells       how cells may end: "ok", or a reason that one of the cells must have
    bystanders  "full" (the other exercises keep all their points) or "none" (nothing can be read, nothing is given)
    words       what a message or note must say
    needs       "cuda" (elsewhere the attack is skipped)

`python -m tests.attacks.suite` prints the count and writes the table in `docs/security.md` anew.
"""

import re
import sys
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
DOCUMENT = HERE.parents[1] / "docs" / "security.md"
BEGIN, END = "<!-- table of attacks: begin -->", "<!-- table of attacks: end -->"
POINTS = {"softmax": 60.0, "Layer": 20.0, "double": 20.0}
WRONG_POINTS = {"softmax": 10.0, "Layer": 5.0, "double": 0.0}
CLASSES = range(1, 27)
TRICK, RIGHT = "test_a_trick_gains_nothing_and_leaves_nothing", "test_an_odd_but_right_answer_has_full_points"


@dataclass(frozen=True)
class Attack:
    """One submission, and the verdict that it must get."""

    number: int
    name: str
    wall: str
    reason: str
    solution: dict[str, str] = field(default_factory=dict)
    before: str = ""
    after: str = ""
    files: dict[str, str] = field(default_factory=dict)
    made_by: str = ""
    exercise: str = "softmax"
    points: float = -1.0
    cells: str = "ok"
    bystanders: str = "full"
    words: str = ""
    needs: str = ""

    @property
    def id(self) -> str:
        return f"{self.number:02d} {self.name}"

    @property
    def hangs(self) -> bool:
        """Whether it waits until it is ended."""
        return "timeout" in (self.reason, self.cells)

    @property
    def must_get(self) -> float:
        return self.points if self.points >= 0 else WRONG_POINTS[self.exercise]

    @property
    def result(self) -> str:
        """The verdict in the table's words."""
        device = ", where there is a GPU" if self.needs == "cuda" else ""
        return f"{self.reason.replace('|', ' or ')}, {self.must_get:g} of {POINTS[self.exercise]:g}{device}"


def _load(path: Path) -> tuple[str, list[Attack]]:
    record = tomllib.loads(path.read_text(encoding="utf-8"))
    return record["title"], [Attack(record["class"], **entry) for entry in record["attack"]]


_LOADED = [_load(path) for path in sorted((HERE / "classes").glob("*.toml"))]
TITLES = {attacks[0].number: title for title, attacks in _LOADED}
ATTACKS = [attack for _, attacks in _LOADED for attack in attacks]


@dataclass(frozen=True)
class Odd:
    """A right answer of an unusual kind."""

    name: str
    solution: dict[str, str] = field(default_factory=dict)
    before: str = ""
    after: str = ""


ODD = [Odd(**entry) for entry in tomllib.loads((HERE / "odd_but_right.toml").read_text(encoding="utf-8"))["answer"]]


def table() -> str:
    """The table of `docs/security.md`."""
    lines = ["| class | attack | wall that stops it | result |", "|---|---|---|---|"]
    for attack in ATTACKS:
        lines.append(f"| {attack.number} | {_cell(attack.name)} | {_cell(attack.wall)} | {attack.result} |")
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def table_in_the_document() -> str:
    found = re.search(re.escape(BEGIN) + r"\n(.*?)\n" + re.escape(END), DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    return found[1].strip() if found else ""


def count() -> str:
    return f"{len(ATTACKS)} attacks in {len(TITLES)} classes, {len(ODD)} odd but right answers"


def words_of_the_count(passed: list[str]) -> str:
    """How many attacks were withstood, from the ids of the tests that passed; nothing where there are none."""
    attacks, odd = (sum(f"tests/attacks/test_attacks.py::{test}[" in name for name in passed) for test in (TRICK, RIGHT))
    return f"attacks: {attacks} of {len(ATTACKS)} withstood; odd but right: {odd} of {len(ODD)} with full points ({count()})" if attacks or odd else ""


def main() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    DOCUMENT.write_text(f"{head}{BEGIN}\n{table()}\n{END}{tail}", encoding="utf-8")
    print(count())


if __name__ == "__main__":
    sys.exit(main())
