"""A case: a function of the reference, and how arguments for it are drawn in any size. From it come the promises, each a criterion in one line."""

import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial, wraps
from typing import Any

from ..judge.reasons import Finding
from ..judge.student import copied
from . import promise
from .comparison import compare, in_words
from .draw import Draw
from .slip import Slips


def _as_it_is(f: Callable[..., Any]) -> Callable[..., Any]:
    return f


@dataclass(frozen=True)
class Case:
    """`right(*arguments(draw, *size))` is what the student's function of the same name should give.

    sizes: those that `agrees` asks for, the smallest first; the defaults of `arguments` are the ordinary size, which the other promises take.
    slips: words of known mistakes, each with what comes out. rtol, atol: those of torch.testing for the dtype, unless stated. gives: what
    the parts of a result are called, where it has several. call: makes of the student's function one that takes the arguments as the case has them.
    ahead(student): arguments that stand before the others and are made over there, a module for instance. said: names of the arguments that messages speak of;
    all of them if none are given.
    """

    right: Callable[..., Any]
    arguments: Callable[..., tuple]
    sizes: Sequence[tuple] = ((),)
    name: str = ""
    slips: Slips = field(default_factory=dict)
    rtol: float | None = None
    atol: float | None = None
    check_dtype: bool = True
    gives: tuple[str, ...] = ()
    call: Callable[[Callable[..., Any]], Callable[..., Any]] = _as_it_is
    ahead: Callable[[Any], tuple] | None = None
    part: str = ""
    said: tuple[str, ...] = ()

    agrees = promise.agrees
    stays_finite = promise.stays_finite
    gradients = promise.gradients
    at_once = promise.at_once
    keeps_dtype = promise.keeps_dtype
    leaves_inputs = promise.leaves_inputs
    again = promise.again
    needs_no_graph = promise.needs_no_graph
    seeded = promise.seeded

    @property
    def names(self) -> list[str]:
        """What the arguments are called: as the reference calls them."""
        return list(inspect.signature(self.right).parameters)

    def first(self, student: Any) -> list[Any]:
        """What stands before the arguments that are drawn."""
        return [] if self.ahead is None else list(self.ahead(student))

    def given(self, student: Any, calls: Iterable[tuple]) -> list[list[Any]]:
        """What the student's function is called with over there, for arguments as they are drawn."""
        ahead = self.first(student)
        return [[*ahead, *arguments] for arguments in calls]

    def only(self, part: str, **options: Any) -> "Case":
        """The case of one part of the result, called as `gives` calls it. options: what else is another, slips for instance."""
        index, whole = self.gives.index(part), self

        def call(f: Callable[..., Any]) -> Callable[..., Any]:
            return lambda *arguments: whole.pick(whole.call(f)(*arguments), index)

        @wraps(self.right)
        def right(*arguments: Any) -> Any:
            return whole.right(*arguments)[index]

        return replace(self, **{"right": right, "call": call, "gives": (), "slips": {}, "part": part, **options})

    def pick(self, result: Any, index: int) -> Any:
        """One part of a result. Raises Finding where it has not as many as it should."""
        if not isinstance(result, list | tuple) or len(result) != len(self.gives):
            raise Finding(f"{self.name} should return {len(self.gives)} things: {', '.join(self.gives)}", "wrong type")
        return result[index]

    def of(self, student: Any) -> Callable[..., Any]:
        """The student's function."""
        f = getattr(student, self.name)
        return self.call(partial(f, *given) if (given := self.first(student)) else f)

    def drawn(self, draw: Draw, sizes: Iterable[tuple] | None = None) -> list[tuple]:
        """Arguments for each size, those of the case if none are given."""
        return [tuple(self.arguments(draw, *size)) for size in (self.sizes if sizes is None else sizes)]

    def words(self, arguments: tuple) -> str:
        """What the result for these arguments is called in a message: "softmax of X (5, 3)"."""
        named = [(name, value) for name, value in zip(self.names, arguments, strict=False) if not self.said or name in self.said]
        said = [words for name, value in named if (words := in_words(name, value))]
        whole = f"{self.part} of {self.name}" if self.part else self.name
        return f"{whole} of {', '.join(said)}" if said else whole

    def ask(self, student: Any, all_arguments: list[tuple]) -> list[tuple[tuple, Any]]:
        """Pairs of arguments and result, asked for in one message; each call has copies. A call that fails raises when its turn comes."""
        f = self.of(student)
        results = f.each(all_arguments) if hasattr(f, "each") else (f(*copied(arguments)) for arguments in all_arguments)
        return list(zip(all_arguments, results, strict=True))

    def compare(self, asked: list[tuple[tuple, Any]], words: Sequence[str] = (), follows: bool = False, **tolerances: Any) -> None:
        """Each result is what the reference gives for its arguments; else a Finding that names the slip whose results these are.

        words: what the results are called, one for each, instead of the case's own. follows: the criterion is about something else, so that it does not
        speak where the values have been found wrong by one that is about them.
        """
        compare(self, asked, words or [self.words(arguments) for arguments, _ in asked], self.right, follows, tolerances, mutated=self.right)

    def callable_of(self, student: Any, _arguments: tuple) -> tuple[Callable[..., Any], Callable[[tuple], tuple]]:
        """The student's function, of a part of the result as well the whole one, and what of the arguments it is called with."""
        whole = replace(self, call=_as_it_is) if self.part else self
        return whole.of(student), lambda others: others


def case(right: Callable[..., Any], arguments: Callable[..., tuple], sizes: Sequence[tuple] = ((),), **options: Any) -> Case:
    """A `Case` of a function of the reference, called as there unless `name` says otherwise."""
    return Case(right, arguments, sizes, **{"name": getattr(right, "__name__", ""), **options})
