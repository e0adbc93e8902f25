"""A layer: a class or factory of modules of the reference, how one is made, and how its inputs are drawn. From it come the promises that a case gives, and
those that only a module can keep.

The student's module is made with the same arguments and given the reference's weights by their shapes (`arrangement.py`); then both are called with the same
inputs.
"""

import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import SimpleNamespace
from typing import Any

import torch

from ..judge.checks import assert_close, assert_shape, expect
from ..judge.criteria import criterion
from ..judge.reasons import Finding
from ..judge.student import copied
from . import dropout, promise
from .arrangement import Arrangement, Place, arranged, arranged_by_definition, places_of
from .comparison import compare, in_words
from .draw import Draw
from .kept import fixed, once
from .promise import Test
from .slip import Slips, alike
from .twin import twin

EVALUATION, TRAINING = False, True
ROUNDING = 1e-10  # of gradients in float64 that cancel, of a bias before a normalisation for instance

MANY = 1_000_000  # numbers that take longer to draw than a layer to call
_PLACES: dict[tuple, list[Place]] = {}
_DRAWN: dict[tuple, tuple[list[tuple], torch.Tensor]] = {}  # with the state of the generator after it


def drawn_weight(draw: Draw, name: str, shape: tuple[int, ...]) -> torch.Tensor:
    """Numbers for a parameter, of a size at which nothing saturates. A square weight is symmetric: whichever way round it lies, it is the same."""
    if len(shape) < 2:
        return draw.normal(*shape, scale=0.5) if name.rpartition(".")[2] in ("bias", "beta") else draw.uniform(*shape, low=0.5, high=1.5)
    fan_in = torch.Size(shape[1:]).numel()
    weight = draw.normal(*shape, scale=1.5 / fan_in**0.5)
    return (weight + weight.T) / 2 if len(shape) == 2 and shape[0] == shape[1] else weight


@dataclass(frozen=True)
class Layer:
    """maker: the reference's class or factory. arguments_of(draw, *size) → (what it is made with, what it is called with), two tuples; the
    parameters behind `draw` are the sizes, their defaults the ordinary one.

    slips: words of known mistakes, each with what comes out: a function of the reference's module, which holds the weights, and the inputs.
    weight(draw, name, shape): the numbers of a parameter. parts(*made with): into how many parameters a weight may be cut, for each head or gate one. options:
    further arguments of the constructor, by name. trains: whether it gives the same for the same numbers in training mode. biases: whether those beside a
    matrix or kernel are drawn; else they are 0, and that the student's module has one too many or too few is a finding of `registers` alone. mode: that of the
    module in promises that look at one call. lazy: whether its parameters are made at its first call; the maker gives one that has been called. All else is as
    in a `Case`.

    wrapped(student): for modules that are not called with tensors alone, a probe. It puts a class of modules around the student's, which are made and called
    in its place, and gives its name; the maker is such a one around the reference's.
    """

    maker: Callable[..., torch.nn.Module]
    arguments_of: Callable[..., tuple[tuple, tuple]]
    sizes: Sequence[tuple] = ((),)
    name: str = ""
    slips: Slips = field(default_factory=dict)
    rtol: float | None = None
    atol: float | None = None
    check_dtype: bool = True
    gives: tuple[str, ...] = ()
    weight: Callable[[Draw, str, tuple[int, ...]], torch.Tensor] = drawn_weight
    parts: Callable[..., int] = lambda *_: 1
    options: dict[str, Any] = field(default_factory=dict)
    trains: bool = True
    mode: bool = EVALUATION
    lazy: bool = False
    biases: bool = True
    wrapped: Callable[..., str] | None = None

    stays_finite = promise.stays_finite
    at_once = promise.at_once
    keeps_dtype = promise.keeps_dtype
    leaves_inputs = promise.leaves_inputs
    drops = dropout.drops

    def made_with(self, **options: Any) -> "Layer":
        """The same layer with further arguments of its constructor."""
        return replace(self, options={**self.options, **options})

    # -- the reference's side

    @staticmethod
    def right(module: Any, *inputs: Any) -> Any:
        """What the reference's module gives, which stays as it was."""
        return _called_alone(module, *inputs)

    @cached_property
    def names(self) -> list[str]:
        """What the arguments of a call are called: the module itself, and the inputs as the reference calls them."""
        (args, _) = self.arguments_of(Draw(torch.Generator()))
        return ["", *inspect.signature(self.maker(*args, **self.options).forward).parameters]

    def arguments(self, draw: Draw, *size: Any, **sizes: Any) -> tuple:
        """(a module of the reference with weights that are drawn, in the layer's mode; its inputs)"""
        args, inputs = self.arguments_of(draw, *size, **sizes)
        return (self.holding(draw, args).train(self.mode), *inputs)

    def holding(self, draw: Draw, args: tuple, **weights: torch.Tensor) -> torch.nn.Module:
        """A module of the reference with numbers that are drawn. weights: numbers for some of its parameters, a dot in the name written as __."""
        with torch.random.fork_rng(devices=[]):
            module: Any = self.maker(*args, **self.options).to(draw.device, draw.dtype).eval()
        kernels = {name.rpartition(".")[0] for name, parameter in module.named_parameters() if parameter.ndim > 1} - {""}
        with torch.no_grad():
            for name, parameter in module.named_parameters():
                given = weights.get(name.replace(".", "__"))
                if given is None and not self.biases and parameter.ndim == 1 and name.rpartition(".")[0] in kernels:
                    given = torch.zeros_like(parameter)
                parameter.copy_(self.weight(draw, name, tuple(parameter.shape)) if given is None else given)
        module.made_with = args
        return module

    def drawn(self, draw: Draw, sizes: Iterable[tuple] | None = None) -> list[tuple]:
        """Arguments for each size, those of the layer if none are given: the same objects for every submission, so nothing may change them."""
        chosen, generator = list(self.sizes if sizes is None else sizes), draw.generator
        made_by = (self.maker, self.arguments_of, self.weight, repr((self.options, self.biases, self.mode, chosen)))
        key = (*made_by, draw.device, draw.dtype, draw.turned, generator.get_state().numpy().tobytes())
        if key not in _DRAWN:
            drawn = [self.arguments(draw, *size) for size in chosen]
            _DRAWN[key] = [(fixed(module), *inputs) for module, *inputs in drawn], generator.get_state()
        drawn, after = _DRAWN[key]
        generator.set_state(after)
        return list(drawn)

    def words_of(self, args: Sequence[Any]) -> str:
        """How a module is made, in words: "MLP(4, 8, 3)"."""
        return f"{self.name}({', '.join([*map(repr, args), *(f'{name}={value!r}' for name, value in self.options.items())])})"

    def words(self, arguments: tuple) -> str:
        module, *inputs = arguments
        said = [words for name, value in zip(self.names[1:], inputs, strict=False) if (words := in_words(name, value))]
        return f"the result of {self.words_of(module.made_with)} for {', '.join(said)}"

    # -- the student's side

    def looked_at(self, student: Any, drawn: Sequence[tuple], own: bool = True) -> list["Module"]:
        """The student's module for each of the drawn arguments, in the mode of the reference's, as it is made: with its own weights, unless nobody asks for
        these: drawing millions takes time."""
        specs = [self._spec(*arguments) for arguments in drawn]
        for spec in specs:
            spec["own"] = own or spec["numbers"] < MANY
        name = self.name if self.wrapped is None else student.run(self.wrapped)
        seen = student.run(made, name=name, specs=specs)
        if not isinstance(seen, list) or len(seen) != len(specs):
            raise Finding(f"{self.name} gave back something that cannot be read", "tampered")
        return [self._module(arguments, mine, self._wanted(arguments[0], spec)) for arguments, mine, spec in zip(drawn, seen, specs, strict=True)]

    def _spec(self, module: Any, *inputs: Any) -> dict[str, Any]:
        """How `made` makes one. count: of the reference's parameters. dtype: theirs, which a module has whose inputs are tokens."""
        count = len(list(module.parameters()))
        made_with = {"args": list(module.made_with), "options": self.options, "inputs": list(copied(inputs))}
        numbers = sum(parameter.numel() for parameter in module.parameters())
        dtype = next((str(p.dtype).removeprefix("torch.") for p in module.parameters() if p.is_floating_point()), "")
        return {**made_with, "mode": module.training, "lazy": self.lazy, "count": count, "numbers": numbers, "dtype": dtype}

    def _wanted(self, module: torch.nn.Module, spec: dict[str, Any]) -> list[Place]:
        """The places of the reference's parameters, looked for once for each way to make it."""
        shapes = [tuple(X.shape) if isinstance(X, torch.Tensor) else type(X).__name__ for X in spec["inputs"]]
        key = (self.maker, repr((spec["args"], spec["options"], shapes)))
        if key not in _PLACES:
            [seen] = made(SimpleNamespace(**{self.name: lambda *args, **options: module}), self.name, [{**spec, "own": True}])
            _PLACES[key] = places_of(seen["names"], seen["shapes"], seen["ranks"], seen["calls"])
        return _PLACES[key]

    def _module(self, arguments: tuple, mine: dict[str, Any], wanted: list[Place]) -> "Module":
        module = arguments[0]
        words = self.words_of(module.made_with)
        expect(mine["module"], f"{words} is {mine.get('kind')}, an nn.Module was expected", "wrong type")
        places = places_of(mine["names"], mine["shapes"], mine["ranks"], mine["calls"])
        weights = {name: value.detach() for name, value in module.named_parameters()}
        parts = self.parts(*module.made_with)
        either = arranged(places, wanted, parts), arranged_by_definition(places, wanted, parts)
        return Module(mine["net"], words, either[0], weights, mine["trained"], mine["strays"], either[1])

    def loaded(self, student: Any, drawn: Sequence[tuple], strict: bool = True) -> list["Module"]:
        """The student's modules with the reference's weights. strict: a weight without a place is a Finding, unless all its numbers are 0; else such a module
        keeps its own weights."""
        modules = self.looked_at(student, drawn, own=not strict)
        for module in modules if strict else ():
            if not module.whole:
                module.arrangement.check(module.words, follows=True)
        whole = [module for module in modules if module.whole]
        student.run(fill, nets=[module.net for module in whole], numbers=[module.numbers for module in whole])
        return [self._fitted(student, module, arguments) for module, arguments in zip(modules, drawn, strict=True)]

    def _fitted(self, student: Any, module: "Module", arguments: tuple) -> "Module":
        """The module with the weights where it defines them, if that is another place and makes it give what the reference gives; else as it is."""
        defined = replace(module, arrangement=module.by_definition, by_definition=None) if module.by_definition is not None else module
        if defined is module or not module.whole or not defined.whole:
            return module
        steps = [(EVALUATION, arguments[1:])]
        [wanted] = [_called_alone(*alone) for alone in _steps_of(arguments[0], steps)]
        found = module
        if not alike(self.run(student, module.net, steps)[0], wanted):
            student.run(fill, nets=[module.net], numbers=[defined.numbers])
            found = defined if alike(self.run(student, module.net, steps)[0], wanted) else module
            student.run(fill, nets=[module.net], numbers=[found.numbers])
        module.net.train(arguments[0].training)
        return found

    def net(self, student: Any, draw: Draw, *size: Any, strict: bool = True, **sizes: Any) -> tuple[Any, torch.nn.Module, tuple]:
        """For criteria that are written out: (the student's module, in the layer's mode, with the weights of the reference's; the reference's; inputs)."""
        right, *inputs = self.arguments(draw, *size, **sizes)
        [module] = self.loaded(student, [(right, *inputs)], strict)
        return module.net, right, tuple(inputs)

    def of(self, student: Any) -> Callable[..., Any]:
        """The student's function of (a module of the reference, inputs)."""

        def called(right: torch.nn.Module, *inputs: Any) -> Any:
            [module] = self.loaded(student, [(right, *inputs)])
            return module.net(*inputs)

        return called

    def callable_of(self, student: Any, arguments: tuple) -> tuple[Callable[..., Any], Callable[[tuple], tuple]]:
        """The student's module for these arguments, and what it is called with."""
        [module] = self.loaded(student, [arguments])
        return module.net, lambda others: others[1:]

    def ask(self, student: Any, all_arguments: list[tuple]) -> list[tuple[tuple, Any]]:
        return self.asked(student, [(arguments, [(arguments[0].training, arguments[1:])]) for arguments in all_arguments])

    def run(self, student: Any, net: Any, steps: Sequence[tuple[bool, tuple]]) -> list[Any]:
        """What a module of the student's gives in calls one after the other, each (in training mode?, inputs), without graphs."""
        results = student.run(called_in_modes, calls=[{"net": net, "steps": [[mode, list(copied(inputs))] for mode, inputs in steps]}])
        if not isinstance(results, list) or len(results) != len(steps):
            raise Finding(f"{self.name} gave back something that cannot be read", "tampered")
        return results

    def asked(
        self, student: Any, runs: Sequence[tuple[tuple, Sequence[tuple[bool, tuple]]]], modules: Sequence["Module"] = ()
    ) -> list[tuple[tuple, Any]]:  # fmt: skip
        """Pairs of arguments and result. runs: the arguments that a module is made for, and its calls one after the other: (in training mode?, inputs).
        modules: those, where they are loaded already."""
        modules = modules or self.loaded(student, [arguments for arguments, _ in runs])
        calls = [
            {"net": module.net, "steps": [[mode, list(copied(inputs))] for mode, inputs in steps]} for module, (_, steps) in zip(modules, runs, strict=True)
        ]
        results = student.run(called_in_modes, calls=calls)
        wanted = [pair for arguments, steps in runs for pair in _steps_of(arguments[0], steps)]
        if not isinstance(results, list) or len(results) != len(wanted):
            raise Finding(f"{self.name} gave back something that cannot be read", "tampered")
        return list(zip(wanted, results, strict=True))

    def compare(self, asked: list[tuple[tuple, Any]], words: Sequence[str] = (), follows: bool = False, **tolerances: Any) -> None:
        """As `Case.compare`."""
        words = words or [self._in_mode(asked, arguments) for arguments, _ in asked]
        before = [pair for pair in asked if not getattr(pair[0][0], "was_trained", False)]  # behind a wrong call in training mode it keeps something else
        mutated = self._forward(asked[0][0][0])
        compare(self, asked, words, self.right, follows, {**self._tolerances, **tolerances}, mutated, named=before or asked)

    def _forward(self, module: torch.nn.Module) -> Callable[..., Any] | None:
        """Of the reference's own class; those of PyTorch's are nobody's mistake."""
        return type(module).forward if type(module).__module__ == self.maker.__module__ else None

    @property
    def _tolerances(self) -> dict[str, Any]:
        """Those of sums in float32, in any order, where none are stated."""
        return {"rtol": 1e-4 if self.rtol is None else self.rtol, "atol": 1e-5 if self.atol is None else self.atol}

    def _in_mode(self, asked: list[tuple[tuple, Any]], arguments: tuple) -> str:
        modes = {given[0].training for given, _ in asked}
        mode = " in training mode" if arguments[0].training else " in evaluation mode"
        return self.words(arguments) + (mode if len(modes) > 1 else "")

    # -- promises that are a module's own

    def agrees(
        self, title: str, weight: float = 1.0, hint: str = "", sizes: Sequence[tuple] | None = None, modes: Sequence[bool] = (EVALUATION, TRAINING, EVALUATION),
        follows: bool = False, **tolerances: Any,
    ) -> Test:  # fmt: skip
        """Gives with the reference's weights what the reference gives, for all sizes, in these modes one after the other."""

        @criterion(title, weight, hint, hint_for=("wrong value", "wrong shape", "unstable"), promise="agrees")
        def test(test_case, student, draw):
            usual = modes if self.trains else [mode for mode in modes if not mode][:1]
            drawn = self.drawn(draw, sizes)
            modules = self.loaded(student, drawn)
            runs = [(arguments, [(mode, arguments[1:]) for mode in usual]) for arguments in drawn]
            other = any(module.has_more_layers for module in modules)  # than the reference's: what comes out can't be the same
            try:
                self.compare(self.asked(student, runs, modules), follows=follows or other, **tolerances)
            except Finding as finding:
                self._tell_chance(student, modules, drawn, finding)
                raise

        return test

    def _tell_chance(self, student: Any, modules: Sequence["Module"], drawn: Sequence[tuple], finding: Finding) -> None:
        """Says so where a wrong value has no name, and another one comes out at each call in evaluation mode."""
        if finding.named or finding.reason != "wrong value":
            return
        for module, (_, *inputs) in zip(modules, drawn, strict=True):
            first, second = self.run(student, module.net, [(EVALUATION, tuple(inputs))] * 2)
            if not alike(first, second):
                kept = "does a dropout never sleep, or is something kept from one call for the next?"
                finding.message, finding.named = f"{module.words} gives another result at each call in evaluation mode: {kept}", kept
                return

    def gives_shapes(self, title: str, weight: float = 1.0, hint: str = "", sizes: Sequence[tuple] | None = None) -> Test:
        """With weights of its own, its results have the shapes of the reference's, and are not the same for other numbers."""

        @criterion(title, weight, hint, hint_for=("wrong shape",), promise="gives shapes")
        def test(test_case, student, draw):
            drawn = self.drawn(draw, sizes)
            others = [tuple(X * -1.5 + 0.5 if _learns(X) else X for X in inputs) for _, *inputs in drawn]
            modules = self.looked_at(student, drawn)
            runs = zip(modules, drawn, others, strict=True)
            calls = [{"net": one.net, "steps": [[EVALUATION, list(copied(inputs))] for inputs in (arguments[1:], other)]} for one, arguments, other in runs]
            results = student.run(called_in_modes, calls=calls)
            if not isinstance(results, list) or len(results) != 2 * len(drawn):
                raise Finding(f"{self.name} gave back something that cannot be read", "tampered")
            moved = False  # in one size at least: of a small network with weights of its own all units may be dead
            for arguments, result, other in zip(drawn, results[::2], results[1::2], strict=True):
                words = f"{self.words(arguments)} in evaluation mode"
                assert_shape(result, _called_alone(*arguments).shape, what=words)
                assert_shape(other, result.shape, what=words)
                moved = moved or bool((result - other).any())
            expect(moved, f"the results of {self.name} are the same for other numbers", follows=True)

        return test

    def registers(
        self, title: str = "has the parameters of the text, and no others", weight: float = 1.0, hint: str = "layers and nn.Parameters are attributes of self",
        sizes: Sequence[tuple] | None = None, follows: bool = False,
    ) -> Test:  # fmt: skip
        """Its parameters have the sizes of the reference's, whatever they are called; they are registered, and all of them are trained. follows: where
        another criterion has found layers wrong, this one has nothing to add."""

        @criterion(title, weight, hint, hint_for=("missing", "wrong shape", "wrong value"), promise="registers")
        def test(test_case, student, draw):
            for module in self.looked_at(student, self.drawn(draw, sizes), own=False):
                try:
                    module.check()
                except Finding as finding:
                    finding.follows = finding.follows or follows
                    raise

        return test

    def gradients(
        self, weight: float = 1.0, hint: str = "no .detach() and no .data on the way, and layers that are called",
        title: str = "gradients are right, for inputs and weights",
        sizes: Sequence[tuple] = ((),), modes: Sequence[bool] = (EVALUATION,),
    ) -> Test:  # fmt: skip
        """The result carries a graph; the gradients of each input and each parameter are the reference's."""

        @criterion(title, weight, hint, hint_for=("no gradient", "unstable", "wrong value"), promise="gradients")
        def test(test_case, student, draw):
            for arguments in self.drawn(draw.float64, sizes):
                for mode in modes:
                    self._check_gradients(student, draw, arguments, mode)

        return test

    def _check_gradients(self, student: Any, draw: Draw, arguments: tuple, mode: bool) -> None:
        [module] = self.loaded(student, [arguments])
        wanted = _slopes_of(arguments[0], arguments[1:], mode, draw.generator.initial_seed())
        seen = student.run(backward, net=module.net, mode=mode, inputs=list(copied(arguments[1:])), upstream=wanted.upstream)
        expect(isinstance(seen, dict), f"{module.words} gave back something that cannot be read", "tampered")
        words = self.words(arguments).replace(" in float64", "")
        expect(seen["graph"] is True, f"{words} carries no graph: was it detached, or rebuilt from numbers?", "no gradient")
        self.compare([((wanted.module, *arguments[1:]), seen["result"])], [words], follows=True)
        learn = [pair for name, leaf in zip(self.names[1:], wanted.leaves, strict=False) for pair in _spread(name, leaf) if _learns(pair[1])]
        pairs = [(name, mine, leaf.grad) for (name, leaf), mine in zip(learn, seen["inputs"], strict=True)]
        for place, piece, mine in zip(module.arrangement.places, module.arrangement.pieces, seen["parameters"], strict=True):
            if piece is not None:
                pairs.append((f"its parameter {place.name} {place.shape}", mine, piece.of(wanted.slopes, place.shape)))
        try:
            _compare_gradients(self, pairs)
        except Finding as finding:
            finding.follows = module.has_more_layers
            raise

    def again(
        self, weight: float = 1.0, hint: str = "what belongs to one object is made in __init__, as self.…; what belongs to one call is kept nowhere",
        title: str = "gives the same when it is called again, and shares nothing with a second object", sizes: Sequence[tuple] = ((), ()), draws: bool = False,
        later: tuple | None = None,
    ) -> Test:  # fmt: skip
        """Two objects with other weights are called in turn, in both modes where `trains`: each gives what it gives alone. Grad mode, default dtype, random
        generators and the modes of the modules are as before. draws: it may draw random numbers. later: the size of a later call of the first object, which
        is made with the same arguments: a longer one for what keeps a table."""

        @criterion(title, weight, hint, hint_for=("wrong value", "unstable"), promise="again")
        def test(test_case, student, draw):
            drawn = self.drawn(draw, sizes)
            modules = self.loaded(student, drawn)
            steps = [(0, EVALUATION, drawn[0][1:]), (1, EVALUATION, drawn[1][1:])]
            others = tuple(self.drawn(draw, [sizes[0] if later is None else later])[0][1:])
            steps += [(0, TRAINING, others)] if self.trains else [(0, EVALUATION, others)]
            steps += [(1, EVALUATION, drawn[1][1:]), (0, EVALUATION, drawn[0][1:])]
            told = [[which, mode, list(copied(inputs))] for which, mode, inputs in steps]
            seen = student.run(called_in_turn, nets=[module.net for module in modules], steps=told, draws=draws)
            results = seen.get("results") if isinstance(seen, dict) else None
            if not isinstance(results, list) or len(results) != len(steps):
                raise Finding(f"{self.name} gave back something that cannot be read", "tampered")
            expect(not seen["changed"], f"after a call of {self.name} {seen['changed']}")
            self._compare_in_turn([one[0] for one in drawn], steps, results, any(module.has_more_layers for module in modules))

        return test

    def _compare_in_turn(self, rights: list[torch.nn.Module], steps: list[tuple], results: list[Any], follows: bool) -> None:
        said = [
            "",
            ", of a second object,",
            ", at a later call with other numbers,",
            ", of a second object, after calls of the first,",
            ", at a later call with the same numbers,",
        ]
        snapshots = _in_turn(*rights, steps)
        for index, (snapshot, (_, _, inputs), result, words) in enumerate(zip(snapshots, steps, results, said, strict=True)):
            self.compare([((snapshot, *inputs), result)], [f"{self.words((snapshot, *inputs))}{words}"], follows=follows or index == 0)

    def saves(
        self, title: str = "state_dict holds all that it keeps", weight: float = 1.0, hint: str = "register_buffer for what is kept and not trained",
        size: tuple = (),
    ) -> Test:  # fmt: skip
        """A second object that has loaded the state_dict of the first gives the same, after calls in training mode too, in float64 too."""

        @criterion(title, weight, hint, hint_for=("wrong value", "missing", "wrong type"), promise="saves")
        def test(test_case, student, draw):
            arguments, others = self.drawn(draw, [size, size])
            [module] = self.loaded(student, [arguments])
            [second] = self.looked_at(student, [arguments])
            steps = [list(copied(inputs)) for inputs in (others[1:], arguments[1:])]
            seen = student.run(handed_on, net=module.net, second=second.net, steps=steps)
            expect(isinstance(seen, list) and len(seen) == 2, f"{module.words} gave back something that cannot be read", "tampered")
            first, after = seen
            self.compare(
                [((_trained(arguments[0], others[1:]), *arguments[1:]), first)], [f"{self.words(arguments)}, after a call in training mode,"], follows=True
            )
            assert_close(after, first, what=f"{self.words(arguments)}, of a second object that has loaded the state_dict of the first,", **self._tolerances)

        return test


@dataclass(frozen=True)
class Module:
    """A module of the student's. net: its handle. words: how it was made. weights: the reference's, by name. trained: which parameters require a gradient.
    strays: how many parameters a call uses that are not registered, where there are others than expected. by_definition: where the weights go by the
    order of definition, where that is not the one of use."""

    net: Any
    words: str
    arrangement: Arrangement
    weights: dict[str, torch.Tensor]
    trained: list[bool]
    strays: int = 0
    by_definition: Arrangement | None = None

    @property
    def whole(self) -> bool:
        """Whether every weight of the reference has a place, those aside whose numbers are all 0."""
        return not any(bool(self.weights[role.name].any()) for role in self.arrangement.missing)

    def check(self) -> None:
        """Raises Finding where parameters are missing, too many or not trained."""
        strays = "uses parameters that it does not know: keep each layer as an attribute of self, several in nn.Sequential or nn.ModuleList"
        expect(self.strays == 0 or not self.arrangement.missing, f"{self.words} {strays}", "missing")
        self.arrangement.check_layers(self.words)
        self.arrangement.check(self.words)
        self.arrangement.check_extra(self.words)
        frozen = [place.name for place, trained in zip(self.arrangement.places, self.trained, strict=True) if trained is not True]
        expect(not frozen, f"{self.words} does not train its parameter {frozen[0] if frozen else ''}: requires_grad is False")

    @property
    def has_more_layers(self) -> bool:
        """Whether there is one of whose parameters none is the reference's; a vector alone is an added bias."""
        return any(not added for added in self.arrangement.added.values())

    @property
    def shapes(self) -> list[tuple[int, ...]]:
        """Those of its parameters."""
        return [place.shape for place in self.arrangement.places]

    @property
    def numbers(self) -> list[torch.Tensor | float | None]:
        """What goes into each of its parameters: 0 where all are 0 and into an added bias, nothing (None) into the layers that are too many, and into what is
        not trained."""
        found: list[torch.Tensor | float | None] = []
        for place, trained, value in zip(self.arrangement.places, self.trained, self.arrangement.tensors(self.weights), strict=True):
            added = value is None and trained and self.arrangement.added[place]
            found.append(0.0 if added or (value is not None and not bool(value.any())) else value)
        return found


def layer(maker: Callable[..., torch.nn.Module], arguments: Callable[..., tuple[tuple, tuple]], sizes: Sequence[tuple] = ((),), **options: Any) -> Layer:
    """A `Layer` of a class or factory of the reference, called as there unless `name` says otherwise."""
    return Layer(maker, arguments, sizes, **{"name": getattr(maker, "__name__", ""), **options})


@once
def _called_alone(module: torch.nn.Module, *inputs: Any) -> Any:
    """The result; what the module keeps stays as it was."""
    with torch.no_grad():
        return (twin(module) if any(True for _ in module.buffers()) else module)(*inputs)


@once
def _slopes_of(module: torch.nn.Module, inputs: tuple, mode: bool, seed: int) -> SimpleNamespace:
    """module: a copy in this mode. upstream: random gradients of its results. leaves: the inputs, with their gradients. slopes: those of the parameters."""
    devices = [X.device for value in inputs for _, X in _spread("", value) if _learns(X)]
    right, draw = twin(module).train(mode), Draw(torch.Generator().manual_seed(seed), str(devices[0] if devices else "cpu"))
    leaves = [_each(lambda X: X.clone().requires_grad_() if _learns(X) else X, value) for value in inputs]
    results = promise.parts_of(right(*(_each(lambda X: X * 1 if _learns(X) else X, value) for value in leaves)))
    upstream = [draw.float64.normal(*value.shape) for value in results]
    learned = [(value, u) for value, u in zip(results, upstream, strict=True) if value.requires_grad]
    torch.autograd.backward([value for value, _ in learned], [u for _, u in learned])
    slopes = {name: torch.zeros_like(parameter) if parameter.grad is None else parameter.grad for name, parameter in right.named_parameters()}
    return SimpleNamespace(module=fixed(twin(module).train(mode)), upstream=upstream, leaves=leaves, slopes=slopes)


@once
def _in_turn(first: torch.nn.Module, second: torch.nn.Module, steps: Sequence[tuple]) -> list[torch.nn.Module]:
    """For each call, of which module, in which mode and with which inputs, the module as it is before it."""
    rights, found = [twin(first), twin(second)], []
    for which, mode, inputs in steps:
        found.append(fixed(twin(rights[which].train(mode))))
        with torch.no_grad():
            rights[which](*inputs)
    return found


@once
def _trained(module: torch.nn.Module, inputs: tuple) -> torch.nn.Module:
    """As it is after a call in training mode."""
    right = twin(module).train()
    with torch.no_grad():
        right(*inputs)
    return fixed(right.eval())


@once
def _steps_of(module: torch.nn.Module, steps: Sequence[tuple[bool, tuple]]) -> list[tuple]:
    """For each call the reference's module as it is before it, and the inputs."""
    right, found, trained = twin(module), [], False
    for mode, inputs in steps:
        found.append((fixed(twin(right.train(mode))), *inputs))
        found[-1][0].was_trained = trained
        trained = trained or mode
        if len(steps) > 1 and mode:
            with torch.no_grad():
                right(*inputs)
    return found


def _learns(value: Any) -> bool:
    return isinstance(value, torch.Tensor) and value.is_floating_point()


def _each(f: Callable[[Any], Any], value: Any) -> Any:
    """f of the value, or of each entry of a list."""
    return [f(item) for item in value] if isinstance(value, list) else f(value)


def _spread(name: str, value: Any) -> list[tuple[str, Any]]:
    """Name and value; of a list those of its entries."""
    return [(f"{name}[{i}]", item) for i, item in enumerate(value)] if isinstance(value, list) else [(name, value)]


def _square(value: torch.Tensor) -> bool:
    return value.ndim == 2 and value.shape[0] == value.shape[1]


def _compare_gradients(layer: Layer, pairs: list[tuple[str, Any, torch.Tensor | None]]) -> None:
    reached = [name for name, mine, _ in pairs if isinstance(mine, torch.Tensor) and bool(mine.any())]
    for name, mine, right in pairs:
        if right is None or not bool((right.abs() > ROUNDING).any()):
            continue
        others = [other for other in reached if other != name][:3]
        there = f": {', '.join(others)} {'gets' if len(others) == 1 else 'get'} one" if others else ""
        if isinstance(mine, torch.Tensor) and _square(right) and bool((mine - right).norm() > (mine - right.T).norm()):
            right = right.T  # a weight that lies the other way round
        expect(name in reached, f"no gradient comes back from {layer.name} to {name}{there}", "no gradient")
        assert_close(mine, right, what=f"the gradient of {name}, through {layer.name},", rtol=max(1e-5, layer.rtol or 0), atol=max(1e-7, layer.atol or 0))


# In the student's process -----------------------------------------------------------------------------------------------


def made(student, name, specs):
    """Modules in the modes asked for, each with the names and shapes of its parameters, the order in which a call first uses them, and which are trained."""
    import torch
    from torch.overrides import TorchFunctionMode

    class Watch(TorchFunctionMode):
        def __init__(self):
            super().__init__()
            self.used, self.calls, self.known = {}, {}, []

        def __torch_function__(self, func, types, args=(), kwargs=None):
            if getattr(func, "__name__", "") != "__get__":
                call = len(self.used)
                for value in [*args, *(kwargs or {}).values()]:
                    for one in value if isinstance(value, (list, tuple)) else [value]:
                        if isinstance(one, torch.nn.Parameter):
                            self.used.setdefault(id(one), len(self.used))
                            self.calls.setdefault(id(one), call)
                            self.known.append(one)
            return func(*args, **(kwargs or {}))

    def copy(value):
        if isinstance(value, list):
            return [copy(item) for item in value]
        return value.clone() if isinstance(value, torch.Tensor) else value

    found, init = [], torch.nn.init
    drawing = init.kaiming_uniform_
    for spec in specs:
        init.kaiming_uniform_ = drawing if spec["own"] else lambda tensor, *args, **kwargs: tensor.data.fill_(0.01)
        try:
            net, inputs = getattr(student, name)(*spec["args"], **spec["options"]), spec["inputs"]
        finally:
            init.kaiming_uniform_ = drawing
        if isinstance(net, (list, tuple)) and all(isinstance(one, torch.nn.Module) for one in net):
            net = torch.nn.Sequential(*net)
        module = isinstance(net, torch.nn.Module)
        if not module or isinstance(net, (torch.nn.ModuleList, torch.nn.ModuleDict)):
            found.append({"module": False, "kind": f"of type {type(net).__name__}{', which has no forward' * module}"})
            continue
        tensors = [X for value in inputs for X in (value if isinstance(value, list) else [value]) if isinstance(X, torch.Tensor)]
        numbers = [X for X in tensors if X.is_floating_point()]
        net = net.to(tensors[0].device) if tensors else net
        dtype = numbers[0].dtype if numbers else getattr(torch, spec["dtype"] or "None", None)
        net = net.eval() if dtype is None else net.to(dtype).eval()
        watch, known = Watch(), list(net.parameters())
        lazy = spec.get("lazy") or any(isinstance(p, torch.nn.parameter.UninitializedParameter) for p in known)
        copies = [copy(value) for value in inputs]
        if lazy or len({tuple(p.shape) for p in known}) < len(known) or len(known) != spec["count"]:
            kept = {key: value.clone() for key, value in net.named_buffers() if not torch.nn.parameter.is_lazy(value)}
            try:
                with torch.no_grad(), watch:
                    net(*copies)
                    for key, value in net.named_buffers():
                        value.copy_(kept.get(key, value))
            except Exception:  # said where it is called in earnest
                if lazy:
                    raise
        net.train(spec["mode"])
        parameters = list(net.parameters())
        found.append(
            {
                "module": True,
                "net": net,
                "names": [key for key, _ in net.named_parameters()],
                "shapes": [list(p.shape) for p in parameters],
                "ranks": [watch.used.get(id(p), -1) for p in parameters],
                "calls": [watch.calls.get(id(p), -1) for p in parameters],
                "strays": len(set(watch.used) - {id(p) for p in parameters}),
                "trained": [p.requires_grad for p in parameters],
            }
        )
    return found


def fill(student, nets, numbers):
    import torch

    with torch.no_grad():
        for net, values in zip(nets, numbers):
            for parameter, value in zip(net.parameters(), values):
                if isinstance(value, torch.Tensor):
                    parameter.copy_(value.reshape(parameter.shape))
                elif value is not None:
                    parameter.fill_(value)


def called_in_modes(student, calls):
    import torch

    def plain(value):
        if isinstance(value, torch.Tensor):
            return value.detach().clone()
        return type(value)(map(plain, value)) if type(value) in (list, tuple) else value

    results = []
    for call in calls:
        for mode, inputs in call["steps"]:
            call["net"].train(mode)
            results.append(plain(call["net"](*inputs)))
        call["net"].eval()
    return results


def backward(student, net, mode, inputs, upstream):
    import torch

    net.train(mode)
    net.zero_grad()
    each = lambda f, value: [f(X) for X in value] if isinstance(value, list) else f(value)
    leaves = [X for value in inputs for X in (value if isinstance(value, list) else [value]) if isinstance(X, torch.Tensor) and X.is_floating_point()]
    for leaf in leaves:
        leaf.requires_grad_()
    result = net(*(each(lambda X: X * 1 if isinstance(X, torch.Tensor) and X.requires_grad else X, value) for value in inputs))
    parts = [X for X in (result if isinstance(result, (list, tuple)) else [result]) if isinstance(X, torch.Tensor)]
    pairs = [(X, u) for X, u in zip(parts, upstream) if X.requires_grad and X.shape == u.shape]
    if pairs:
        torch.autograd.backward([X for X, _ in pairs], [u.to(X) for X, u in pairs])
    plain = [X.detach() if isinstance(X, torch.Tensor) else X for X in (result if isinstance(result, (list, tuple)) else [result])]
    return {
        "graph": any(X.requires_grad for X in parts),
        "result": plain if isinstance(result, (list, tuple)) else plain[0],
        "inputs": [leaf.grad for leaf in leaves],
        "parameters": [p.grad for p in net.parameters()],
    }


def called_in_turn(student, nets, steps, draws):
    """Results of calls one after the other, and what of the program and the modules is not as it was before them."""
    import random

    import numpy
    import torch

    def program():
        generators = () if draws else (torch.get_rng_state().tolist(), random.getstate(), str(numpy.random.get_state()))
        return torch.is_grad_enabled(), torch.is_inference_mode_enabled(), torch.get_default_dtype(), torch.are_deterministic_algorithms_enabled(), *generators

    def plain(value):
        if isinstance(value, torch.Tensor):
            return value.detach().clone()
        return type(value)(map(plain, value)) if type(value) in (list, tuple) else value

    torch.set_grad_enabled(True)
    torch.set_default_dtype(torch.float32)
    words = ("autograd is switched off", "inference mode is switched on", "the default dtype is another", "the choice of algorithms is another",
             *["the random numbers of the program are others"] * 3)  # fmt: skip
    torch.rand(1), random.random(), numpy.random.rand()  # so that a seed set by an earlier call is not where the numbers stand now
    before, results, changed = program(), [], ""
    for which, mode, inputs in steps:
        nets[which].train(mode)
        results.append(plain(nets[which](*inputs)))
        if nets[which].training is not mode:
            changed = f"the module is in {'training' if nets[which].training else 'evaluation'} mode, which it was not before"
    found = [said for said, old, new in zip(words, before, program()) if old != new]
    return {"results": results, "changed": found[0] if found else changed}


def handed_on(student, net, second, steps):
    """What a module gives after a call in training mode, and what another gives that has loaded its state_dict."""
    import torch

    first, inputs = steps
    net.train()
    net(*[X.clone() if isinstance(X, torch.Tensor) else X for X in first])
    net.eval()
    result = net(*[X.clone() if isinstance(X, torch.Tensor) else X for X in inputs])
    second.load_state_dict({name: value.clone() for name, value in net.state_dict().items()})
    second.eval()
    other = second(*inputs)
    return [X.detach().clone() if isinstance(X, torch.Tensor) else X for X in (result, other)]
