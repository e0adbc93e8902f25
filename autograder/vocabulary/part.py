"""A part: an earlier exercise that this one is built on, `@exercise("MultiHeadAttention", parts=[reference.masked_softmax, …])`.

The criteria of an exercise are tried with the student's own parts. Where one does not hold, and a part does not get full points in its own exercise, it is
tried once more with the reference's in the place of those that are wrong. The reference stays with the judge: what is lent calls back. For a function that is
all, whether it gives something back or writes into its arguments. For a class or factory of modules, a module with the same parameters and buffers is made
over there; an `nn.Sequential` as one, of such modules. Where what is given back has to be the student's own objects, `there` makes of the answer a function
that gives them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from ..judge.reasons import Finding
from ..judge.student import type_name_of

# What the judge makes for a student: modules for one exercise, parameters of one, and the largest whole number that a call may name (a size, as a rule).
MAX_MODULES, MAX_NUMBERS, MAX_SIZE = 200, 20_000_000, 4096


@dataclass(frozen=True)
class Part:
    """right: the reference's function, class or factory; its name is that of the exercise. module: whether it makes modules; a class says so itself.

    fits(*arguments): whether it (of a module: its forward) can be called like that, for what the reference does not refuse itself; wants: in words, what it
    can be called with. there(student, ask): a probe, whose result is lent; what it hands to `ask`, and nothing else, is asked of `right`.
    """

    right: Callable[..., Any]
    name: str
    module: bool = False
    fits: Callable[..., bool] | None = None
    wants: str = ""
    there: Callable[..., Any] | None = None

    def refusal(self, arguments: Sequence[Any]) -> Finding:
        words = f"{self.name} was called with {', '.join(map(_in_words, arguments)) or 'nothing'}"
        return Finding(f"{words}: {f'it wants {self.wants}' if self.wants else 'it cannot take that'}", "wrong shape")


def part(right: Callable[..., Any], name: str = "", **options: Any) -> Part:
    """A `Part` of a function, class or factory of the reference, called as there unless `name` says otherwise."""
    module = isinstance(right, type) and issubclass(right, torch.nn.Module)
    return Part(right, name or right.__name__, **{"module": module, **options})


class Lending:
    """What is lent to one student at the moment. Lends and takes back."""

    def __init__(self, student: Any):
        self._student = student
        self._own: dict[str, Any] = {}

    def lend(self, parts: Sequence[Part]) -> None:
        """After this, these names of the student's namespace stand for right parts."""
        for one in parts:
            self._own[one.name] = self._student.run(own, name=one.name) if self._student.has(one.name) else None
            if one.module:
                maker = _Maker(one)
                self._student.run(put_module, name=one.name, is_class=isinstance(one.right, type), make=maker.make, ask=maker.ask)
            else:
                value = lent(one) if one.there is None else self._student.run(one.there, ask=lent(one))
                self._student.run(put, name=one.name, value=value)

    def take_back(self) -> None:
        """After this, the names stand for what they stood for."""
        for name, value in self._own.items():
            self._student.run(take, name=name) if value is None else self._student.run(put, name=name, value=value)
        self._own = {}


def lent(one: Part) -> Callable[..., Any]:
    """The reference's function as it is called back. Raises Finding for arguments that it cannot take."""
    seed = 0

    def called(*args: Any, **kwargs: Any) -> Any:
        nonlocal seed
        seed += 1
        return _carried_out(one, one.right, args, kwargs, seed, one.fits)

    return called


def _carried_out(
    one: Part, right: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any], seed: int, fits: Callable[..., bool] | None = None
) -> Any:  # fmt: skip
    given = [*args, *kwargs.values()]
    if any(type(value) is int and abs(value) > MAX_SIZE for value in given) or (fits is not None and not _holds(fits, args, kwargs)):
        raise one.refusal(given)
    try:
        with torch.random.fork_rng(devices=[]):
            torch.default_generator.manual_seed(seed)  # torch.manual_seed also books every other kind of device, at 1 ms a call
            if torch.cuda.is_initialized():
                torch.cuda.manual_seed_all(seed)
            result = right(*args, **kwargs)
    except Exception:  # the reference is right: it is what it was called with
        raise one.refusal(given) from None
    if not one.module and isinstance(result, torch.nn.Module):
        raise TypeError(f"{one.name} makes modules: it is lent as part(reference.{one.name}, module=True)")
    return result


def _holds(fits: Callable[..., bool], args: Sequence[Any], kwargs: dict[str, Any]) -> bool:
    try:
        return bool(fits(*args, **kwargs))
    except Exception:  # of another kind than it asks about
        return False


class _Maker:
    """The judge's side of lent modules: it makes them, and runs them with the numbers that their other halves hold."""

    def __init__(self, one: Part):
        self._part, self._seed, self._count = one, 0, 0
        self._made: list[torch.nn.Module] = []

    def make(self, args: list, kwargs: dict[str, Any]) -> list:
        """A new module as [its number, name of its class, its tensors by name, the names of its parameters]; an nn.Sequential as a list of these, by layer."""
        self._seed, self._count = self._seed + 1, self._count + 1
        if self._count > MAX_MODULES:
            raise Finding(f"{self._part.name} was made more than {MAX_MODULES} times")
        with torch.device("meta"):
            sizes = _carried_out(self._part, self._part.right, args, kwargs, self._seed)
        if sum(value.numel() for value in sizes.state_dict().values()) > MAX_NUMBERS:
            raise self._part.refusal([*args, *kwargs.values()])
        module = _carried_out(self._part, self._part.right, args, kwargs, self._seed)
        return [self._entered(layer) for layer in module] if type(module) is torch.nn.Sequential else self._entered(module)

    def _entered(self, module: torch.nn.Module) -> list:
        self._made.append(module)
        kind = self._part.name if type(module).__module__.startswith("torch.") else type(module).__name__
        tensors = {name: value.detach().clone() for name, value in [*module.named_parameters(), *module.named_buffers()]}
        return [len(self._made) - 1, kind, tensors, [name for name, _ in module.named_parameters()]]

    def ask(self, number: int, parameters: dict, buffers: dict, training: bool, args: list, kwargs: dict[str, Any]) -> list:
        """[the result, the buffers after it, the tensors that the module keeps in plain attributes]"""
        self._seed += 1
        if type(number) is not int or not 0 <= number < len(self._made):
            raise Finding(f"a {self._part.name} was called that was never made", "tampered")
        module, state = self._made[number], {**parameters, **buffers}

        def forward(*args: Any, **kwargs: Any) -> Any:
            return torch.func.functional_call(module, state, tuple(args), kwargs)

        module.train(training is True)
        result = _carried_out(self._part, forward, args, kwargs, self._seed, self._part.fits)
        kept = {name: value for name, value in vars(module).items() if isinstance(value, torch.Tensor)}
        return [result, {name: state[name].detach() for name in buffers}, kept]


def _in_words(value: Any) -> str:
    if isinstance(value, torch.Tensor):
        return f"a tensor of shape {tuple(value.shape)}"
    return repr(value) if isinstance(value, int | float | bool) or value is None else f"a {type_name_of(value)}"


# In the student's process -----------------------------------------------------------------------------------------------


def own(student, name):
    return getattr(student, name)


def put(student, name, value):
    setattr(student, name, value)


def take(student, name):
    vars(student).pop(name, None)


def put_module(student, name, is_class, make, ask):
    import torch

    class Lent(torch.nn.Module):
        def __init__(self, *args, **kwargs):
            self._begin(*make(list(args), kwargs))

        def _begin(self, number, kind, tensors, trained):
            super().__init__()
            self._number = number
            for place, value in tensors.items():
                *path, last = place.split(".")
                owner: torch.nn.Module = self
                for step in path:
                    if step not in owner._modules:
                        owner.add_module(step, torch.nn.Module())
                    owner = owner.get_submodule(step)
                if place in trained:
                    owner.register_parameter(last, torch.nn.Parameter(value))
                else:
                    owner.register_buffer(last, value)

        def forward(self, *args, **kwargs):
            for parameter in self.parameters():
                parameter.dim()  # seen by who looks in which order parameters are used
            buffers = dict(self.named_buffers())
            result, after, kept = ask(self._number, dict(self.named_parameters()), buffers, self.training, list(args), kwargs)
            with torch.no_grad():
                for place, value in after.items():
                    buffers[place].copy_(value)
            for attribute, value in kept.items():
                setattr(self, attribute, value)
            return result

    class Made(Lent):
        def __init__(self, number, kind, tensors, trained):
            self._begin(number, kind, tensors, trained)

    def begun(made):
        return type(made[1], (Made,), {})(*made)

    def factory(*args, **kwargs):
        made = make(list(args), kwargs)
        return torch.nn.Sequential(*map(begun, made)) if isinstance(made[0], list) else begun(made)

    Lent.__name__ = Lent.__qualname__ = factory.__name__ = factory.__qualname__ = name
    setattr(student, name, Lent if is_class else factory)
