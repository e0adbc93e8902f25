"""A goal: a training, what it has to reach, and what wrong recipes reach. The training ends when the goal is reached.

    digits = goal(
        "the test accuracy on the digits", at_least=0.9, margin=0.04, within="12 epochs",
        data=lambda: dict(zip(("X_train", "y_train", "X_test", "y_test"), digits())),
        recipe=train_on_digits,        # over there: recipe(student, ending, enough, **data) → what was learned
        reached=share_right,           # here: reached(data, what was learned) → a number
        wrong={"trains on the test data": 0.1},
    )
    test_digits = digits.is_reached("reads the digits", weight=3, timeout_s=30)

In the recipe `with ending(batches, score, enough) as data:` hands over `data` in the place of `batches`: at the end of each pass through them `score()` is
asked, and the training ends there, inside the student's function, when it is as good as `enough`. What is learned is measured here.
"""

import inspect
import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..judge.criteria import criterion
from ..judge.reasons import Finding

GOAL = "__autograder_goal__"


@dataclass(frozen=True)
class Goal:
    """what: the quantity, in words. threshold: what it should reach, from above or below (`at_least`). margin: how far right and wrong answers are from
    it, on every machine and from every seed (`benchmarks/trainings.py`). wrong: what wrong recipes reach, in words and numbers.

    data(): tensors for the recipe; data(seed) where they differ from seed to seed. starts: how often it is trained, from a new beginning; together: what is
    made of the numbers that are reached. tries: how often all this is done until it holds, for recipes that depend on their luck. share: the quantity is a
    share, and said in per cent.
    """

    what: str
    threshold: float
    at_least: bool
    data: Callable[..., dict[str, Any]]
    recipe: Callable[..., Any]
    reached: Callable[[dict[str, Any], Any], float]
    margin: float = 0.0
    wrong: Mapping[str, float] = field(default_factory=dict)
    within: str = ""
    starts: int = 1
    together: Callable[[list[float]], float] = statistics.mean
    tries: int = 1
    share: bool = False

    def measure(self, student: Any, enough: float | None = None, seed: int = 0) -> float:
        """What the student's answer reaches. enough: where a training may end; the goal, unless said otherwise, and never for an infinite one."""
        ending = student.run(an_ending, at_least=self.at_least)
        found = []
        for start in range(self.starts):
            data = self.data(*([seed * self.starts + start] if inspect.signature(self.data).parameters else []))
            learned = student.run(self.recipe, ending=ending, enough=self.threshold if enough is None else enough, **data)
            found.append(float(self.reached(data, learned)))
        return self.together(found)

    def holds(self, value: float) -> bool:
        return value >= self.threshold if self.at_least else value < self.threshold

    def in_full(self, student: Any, seed: int = 0) -> float:
        """What a training reaches that does not end at the goal."""
        return self.measure(student, float("inf") if self.at_least else float("-inf"), seed)

    def is_reached(self, title: str, weight: float = 1.0, hint: str = "", timeout_s: float | None = None) -> Callable[..., None]:
        """The criterion."""

        @criterion(title, weight, hint, timeout_s, hint_for=("wrong value", "unstable"), promise="goal")
        def test(test_case, student):
            values = []
            for _ in range(self.tries):
                values.append(self.measure(student))
                if self.holds(values[-1]):
                    return
            raise Finding(self.words(max(values) if self.at_least else min(values)), follows=True)

        setattr(test, GOAL, self)
        return test

    def words(self, value: float) -> str:
        """What is said of a value that is not enough."""
        number, bound = (f"{x:.0%}" if self.share else f"{x:.3g}" for x in (value, self.threshold))
        where = f" after {self.within}" if self.within else ""
        mean = f", in {self.starts} starts together" if self.starts > 1 else ""
        return f"{self.what} is {number}{where}{mean}; {'at least' if self.at_least else 'below'} {bound} was expected"


def goal(what: str, at_least: float | None = None, below: float | None = None, **options: Any) -> Goal:
    """A `Goal`. Raises ValueError unless it has exactly one threshold, at least `margin` away from what each wrong recipe reaches."""
    threshold = at_least if below is None else below
    if threshold is None or (at_least is not None and below is not None):
        raise ValueError(f"the goal {what!r} has {'no threshold' if threshold is None else 'two thresholds'}: say `at_least` or `below`")
    made = Goal(what, threshold, below is None, **options)
    for words, value in made.wrong.items():
        distance = made.threshold - value if made.at_least else value - made.threshold
        if distance < made.margin:
            raise ValueError(f"the goal {what!r} is nearer than {made.margin:g} to what is reached by a recipe that {words}: {value:g}")
    return made


def goals_of(grader: Any) -> list[tuple[str, str, Goal]]:
    """The goals of a grader module: exercise, title and goal."""
    from ..judge.criteria import CRITERION, EXERCISE

    classes = [value for value in vars(grader).values() if isinstance(value, type) and hasattr(value, EXERCISE)]
    tests = [(getattr(cls, EXERCISE).name, test) for cls in classes for test in vars(cls).values() if hasattr(test, GOAL)]
    return [(exercise, getattr(test, CRITERION).title, getattr(test, GOAL)) for exercise, test in tests]


def an_ending(student, at_least):
    """`ending` of a recipe, a context manager."""
    import contextlib

    import torch

    class Enough(BaseException):
        """Not an Exception, which an answer may catch."""

    class Batches:
        def __init__(self, batches, score, enough):
            self._batches, self._score, self._enough = batches, score, enough

        def __len__(self):
            return len(self._batches)

        def __getitem__(self, place):
            return self._batches[place]

        def __getattr__(self, name):  # what a loader of data has beside its batches
            return getattr(self._batches, name)

        def __iter__(self):
            yield from self._batches
            with torch.no_grad():
                value = float(self._score())
            if value >= self._enough if at_least else value < self._enough:
                raise Enough

    @contextlib.contextmanager
    def ending(batches, score, enough):
        with contextlib.suppress(Enough):
            yield Batches(batches, score, enough)

    return ending
