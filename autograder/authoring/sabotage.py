"""Sabotages: the reference spoilt from outside, in ways that are the same for every exercise. Where an exercise promises the contrary, its grader sees each.

Beside mutants, which change the inside of a reference, and answers written by hand, which are for what is particular.
"""

from dataclasses import dataclass

# What stands below a sabotaged answer. `spoilt` gets the right function, or the forward of a module, and the arguments of a call.
_WRAP = """

def _sabotaged(right, kept):
    import functools

    @functools.wraps(right)
    def spoilt(*args, **kwargs):
{body}
    return spoilt

"""
_OF_A_FUNCTION = """
{name} = _sabotaged({name}, {{}})
"""
# `_spoil` gets a module that has just been made.
_OF_A_FORWARD = """
def _spoil(module, kept):
    module.forward = _sabotaged(module.forward, kept)

"""
_OF_A_MODULE = """

def _spoil(module, kept):
{body}

"""
_MAKER = """
def _making_spoilt(make, kept):
    import functools

    @functools.wraps(make)
    def made(*args, **kwargs):
        module = make(*args, **kwargs)
        _spoil(args[0] if module is None else module, kept)
        return module

    return made


if isinstance({name}, type):
    {name}.__init__ = _making_spoilt({name}.__init__, {{}})
else:
    {name} = _making_spoilt({name}, {{}})
"""
_COMMON = """        import torch

        def each(change, value):
            if isinstance(value, torch.Tensor):
                return change(value)
            if isinstance(value, dict):
                return {key: each(change, item) for key, item in value.items()}
            return type(value)(each(change, item) for item in value) if type(value) in (list, tuple) else value

        def with_generator(make):
            return [make(value) if isinstance(value, torch.Generator) else value for value in args]

        def bare(value):  # a number, or several numbers and words
            several = type(value) in (list, tuple) and bool(value)
            return isinstance(value, int | float) or (several and all(isinstance(item, int | float | str) for item in value))

        def first(values):
            return next((value for value in values if isinstance(value, torch.Tensor)), None)

"""


@dataclass(frozen=True)
class Sabotage:
    """name: what is done, in words. against: the promises that exclude it. body: statements; of_module: they are done to a new `module`, not at each call."""

    name: str
    against: tuple[str, ...]
    body: str
    of_module: bool = False

    def applied(self, name: str, source: str, module: bool = False) -> str:
        """The cell of `name` with the sabotage below it. module: whether `name` makes modules."""
        lines = self.body.strip().splitlines()
        if self.of_module:
            return source.rstrip() + "\n" + _OF_A_MODULE.format(body="\n".join(f"    {line}" for line in lines)) + _MAKER.format(name=name)
        spoilt = _WRAP.format(body=_COMMON + "".join(f"        {line}\n" for line in lines))
        return source.rstrip() + "\n" + spoilt + (_OF_A_FORWARD + _MAKER if module else _OF_A_FUNCTION).format(name=name)


SABOTAGES = (
    Sabotage("result detached", ("gradients",), "return each(lambda t: t.detach(), right(*args, **kwargs))"),
    Sabotage(
        "result rebuilt in NumPy", ("gradients",),
        "return each(lambda t: torch.from_numpy(t.detach().cpu().numpy().copy()).to(t.device), right(*args, **kwargs))",
    ),
    Sabotage("result cast to float32", ("keeps dtype",), "return each(lambda t: t.float() if t.is_floating_point() else t, right(*args, **kwargs))"),
    Sabotage(
        "computed in float32", ("keeps dtype",),
        """
wide = first(args)
result = right(*each(lambda t: t.float() if t.is_floating_point() else t, args), **kwargs)
if not any(isinstance(value, torch.Tensor) and value.is_floating_point() for value in args):  # tokens: the module itself has the dtype
    return each(lambda t: t.float().to(t.dtype) if t.is_floating_point() else t, result)
return each(lambda t: t.to(wide.dtype) if t.is_floating_point() and wide is not None and wide.is_floating_point() else t, result)
""",
    ),
    Sabotage("result cast to float64", ("keeps dtype",), "return each(lambda t: t.double() if t.is_floating_point() else t, right(*args, **kwargs))"),
    Sabotage("numbers taken as they lie in memory", ("keeps dtype",), """
def as_it_lies(t):
    return t.as_strided(t.shape, torch.empty(t.shape).stride()) if t.ndim and not t.is_contiguous() else t
return right(*each(as_it_lies, args), **kwargs)
"""),
    Sabotage("one dimension more", ("agrees", "gives shapes"), """
result = right(*args, **kwargs)
return [result] if bare(result) else each(lambda t: t[None], result)
"""),
    Sabotage("input overwritten", ("leaves inputs",), """
result = each(lambda t: t.clone(), right(*args, **kwargs))
with torch.no_grad():
    each(lambda t: t.add_(1), [value for value in args if isinstance(value, (torch.Tensor, list, tuple, dict))][:1])
return result
"""),
    Sabotage("every input overwritten", ("leaves inputs",), """
result = each(lambda t: t.clone(), right(*args, **kwargs))
with torch.no_grad():
    each(lambda t: t.zero_(), args)
return result
"""),
    Sabotage("first result kept for ever", ("agrees", "again"), "return kept.setdefault('result', right(*args, **kwargs))"),
    Sabotage("first result of each size kept", ("again",), """
key = tuple(t.shape for t in args if isinstance(t, torch.Tensor))
return kept.setdefault(key, right(*args, **kwargs))
"""),
    Sabotage("first dtype kept", ("keeps dtype",), """
wide = first(args)
dtype = kept.setdefault('dtype', torch.float32 if wide is None or not wide.is_floating_point() else wide.dtype)
return each(lambda t: t.to(dtype) if t.is_floating_point() else t, right(*args, **kwargs))
"""),
    Sabotage("grad mode left off", ("again",), """
result = right(*args, **kwargs)
torch.set_grad_enabled(False)
return result
"""),
    Sabotage("default dtype left changed", ("again",), """
result = right(*args, **kwargs)
torch.set_default_dtype(torch.float64)
return result
"""),
    Sabotage("seed set", ("again",), """
torch.manual_seed(0)
return right(*args, **kwargs)
"""),
    Sabotage("a loop over the batch beside it", ("at once",), """
for row in (first(args) if first(args) is not None and first(args).ndim else ()):
    row + 1
return right(*args, **kwargs)
"""),
    Sabotage("autograd used inside", ("needs no graph",), """
leaf = torch.ones(2, requires_grad=True)
(leaf * 2).sum().backward()
return right(*args, **kwargs)
"""),
    Sabotage("drawn from the program's generator", ("seeded",), "return right(*with_generator(lambda g: torch.default_generator), **kwargs)"),
    Sabotage("drawn from a generator with a seed of its own", ("seeded",), """
return right(*with_generator(lambda g: kept.setdefault('generator', torch.Generator().manual_seed(0))), **kwargs)
"""),
    Sabotage("the generator's seed taken, not its state", ("seeded",), """
return right(*with_generator(lambda g: torch.Generator().manual_seed(g.initial_seed())), **kwargs)
"""),
    Sabotage("first generator kept", ("seeded",), """
return right(*with_generator(lambda g: kept.setdefault('generator', g)), **kwargs)
"""),
    Sabotage("nothing", ("agrees", "stays finite", "gradients", "keeps dtype", "at once", "leaves inputs", "again", "needs no graph", "seeded"), "return None"),
    Sabotage("zeros", ("agrees", "keeps dtype", "again", "needs no graph", "seeded"), """
result = right(*args, **kwargs)
if bare(result):
    return 0 if isinstance(result, int | float) else type(result)(item if isinstance(item, str) else 0 for item in result)
return each(torch.zeros_like, result)
"""),
    Sabotage("parameters not registered", ("registers",), """
for part in module.modules():
    for name, parameter in list(part._parameters.items()):
        del part._parameters[name]
        part.__dict__[name] = parameter
""", of_module=True),
    Sabotage("parameters shared by all objects", ("registers",), """
for place, part in module.named_modules():
    for name, parameter in list(part._parameters.items()):
        if parameter is not None:
            part._parameters[name] = kept.setdefault((place, name, parameter.shape), parameter)
""", of_module=True),
    Sabotage("buffers not registered", ("saves",), """
for part in module.modules():
    for name, buffer in list(part._buffers.items()):
        del part._buffers[name]
        part.__dict__[name] = buffer
""", of_module=True),
    Sabotage("training and evaluation mode swapped", ("saves",), """
module.train = lambda mode=True: type(module).train(module, not mode)
module.train()
""", of_module=True),
)  # fmt: skip


def sabotages_of(promises: set[str]) -> list[Sabotage]:
    """Those that an exercise with these promises must see."""
    return [one for one in SABOTAGES if promises & set(one.against) and (makes_modules(promises) or not one.of_module)]


def makes_modules(promises: set[str]) -> bool:
    """Whether these are the promises of a module."""
    return bool(promises & {"registers", "saves"})
