"""What the names of the exercises were at their checks, for the case that they are something else when the notebook has run.

A student goes on below a check: `accuracy = accuracy(y_hat, y)`, a star import, a loop over `softmax`, `del`, `%reset`. What counts is what stood at the
check. At each check the names that the exercises use are kept: those that their cells define, and what these use in turn, as their code says. At the end
they are held against the namespace. As a rule nothing differs. Where something does there is more than one *world*, a set of names with their values:

    own checks     each exercise, with what it uses, as at its own check
    one check      everything as at the check of the exercise that is judged, where an earlier one may have been mended meanwhile
    0, the end     the namespace as the notebook left it
    own cells      each exercise as its cell left it, for a name that was used again between cell and check

An exercise is judged in one world after the other until it has all its points. Names that came later stay in every world. Values are references, so a
world costs nothing to keep; classes are kept with their attributes, since a class is changed in place. All of this is the student's own process: what is
tampered with here changes what their names mean, which any cell may do, and nothing else.
"""

import contextlib
import dis
from functools import lru_cache, partial
from types import CellType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import torch

MANY = 10_000  # objects that are looked at for the names in one value; items of a container that are
_MISSING = object()
_attributes_of = type.__dict__["__dict__"].__get__
_instance_attributes = object.__getattribute__
_PLAIN = (bool, int, float, complex, str, bytes, type(None))
_LASTING = (FunctionType, type, ModuleType)
_BY_STRING = {"globals", "eval", "exec", "get_ipython"}  # what uses these may use any name
# The lowest bit of the argument of LOAD_GLOBAL says something else.
_LOADS = [(dis.opmap[name], name == "LOAD_GLOBAL") for name in ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS") if name in dis.opmap]


class Snapshots:
    """The names at the checks of one run of a notebook."""

    def __init__(self) -> None:
        self._defined: dict[str, dict[str, Any]] = {}  # exercise → the names that its cell defined, with their values
        self._at: dict[str, dict[str, Any]] = {}  # exercise → names and values at its check
        self._classes: dict[str, dict[type, dict[str, Any]]] = {}  # exercise → classes and their attributes at its check
        self._seen: dict[str, Any] = {}  # the functions, classes and modules so far
        self._worlds: list[tuple[dict[str, Any], dict[type, dict[str, Any]]]] = [({}, {})]
        self._numbers: dict[frozenset, int] = {frozenset(): 0}

    def seen(self, namespace: dict[str, Any]) -> None:
        """A cell has run."""
        self._seen.update((name, value) for name, value in namespace.items() if type(value) in _LASTING)

    def give_back(self, namespace: dict[str, Any]) -> None:
        """The cell of an exercise comes next: what `%reset` or `del` took away above it is there again, since its author may have run the cells in another
        order."""
        for name, value in self._seen.items():
            namespace.setdefault(name, value)

    def defined(self, exercise: str, before: dict[str, Any], namespace: dict[str, Any]) -> None:
        """The cell of an exercise has run; `before` is a copy of the namespace from before."""
        changed = {name: value for name, value in namespace.items() if before.get(name, _MISSING) is not value and callable(value)}  # data may be large
        self._defined.setdefault(exercise, {}).update(changed)

    def take(self, exercise: str, namespace: dict[str, Any]) -> None:
        """The check of an exercise stands here."""
        self._defined.setdefault(exercise, {}).setdefault(exercise, _MISSING)
        roots = [name for names in self._defined.values() for name in names]
        self._at[exercise], self._classes[exercise] = _used(roots, namespace)

    def compare(self, namespace: dict[str, Any]) -> dict[str, Any]:
        """The notebook has run. {"worlds": {exercise: the numbers of the worlds it is judged in, in turn}, "rebound": the exercises of which something is not
        as it was at the check}, of those exercises only that have more than the end."""
        worlds: dict[str, list[int]] = {}
        rebound: list[str] = []
        if self._is_as_it_was(namespace):
            return {"worlds": worlds, "rebound": rebound}
        for exercise in self._at:
            own_checks, own_cells = (self._as_at(exercise, namespace, cells) for cells in (False, True))
            numbers = [self._number(*names, namespace) for names in (own_checks, self._one_check(exercise), ({}, {}), own_cells)]
            if any(numbers):
                worlds[exercise] = list(dict.fromkeys(numbers))
            if any(self._number(*self._as_at(exercise, namespace, cells, alone=True), namespace) for cells in (False, True)):
                rebound.append(exercise)
        return {"worlds": worlds, "rebound": rebound}

    def _is_as_it_was(self, namespace: dict[str, Any]) -> bool:
        names = [*self._at.values(), *self._defined.values()]
        same = all(value is _MISSING or _same(namespace.get(name, _MISSING), value) for values in names for name, value in values.items())
        return same and not any(_changed(*pair) for classes in self._classes.values() for pair in classes.items())

    def enter(self, number: int, namespace: dict[str, Any]) -> None:
        """Makes the namespace that of a world."""
        names, classes = self._worlds[number]
        namespace.update(names)
        for owner, attributes in classes.items():
            for name, value in attributes.items():
                with contextlib.suppress(AttributeError, TypeError):
                    type.__setattr__(owner, name, value)

    def _one_check(self, exercise: str) -> tuple[dict[str, Any], dict[type, dict[str, Any]]]:
        return self._at[exercise], self._classes[exercise]

    def _as_at(self, exercise: str, end: dict[str, Any], cells: bool = False, alone: bool = False) -> tuple[dict[str, Any], dict[type, dict[str, Any]]]:
        """What the exercises define as at their checks, or as their cells left it, and what that uses as at the same check; where two exercises use a name
        with two values, as the one named has it. `alone`: of the one named only."""
        owner = {name: other for other in reversed(self._at) for name in self._defined[other]}
        names: dict[str, Any] = {}
        classes: dict[type, dict[str, Any]] = {}
        queue = [(name, other) for other in ([exercise] if alone else [exercise, *self._at]) for name in self._defined[other]]
        for name, user in queue:  # which grows
            at = owner.get(name, user)
            at = at if name in self._at[at] else user
            value = self._defined[at].get(name, _MISSING) if cells else _MISSING
            value = self._at[at].get(name, _MISSING) if value is _MISSING else value
            value = self._last(name) if value is _MISSING and name not in end else value
            if value is _MISSING or name in names:
                continue
            names[name] = value
            used, found = names_in(value, end)
            for kept in found:
                classes.setdefault(kept, self._classes[at].get(kept, {}))
            queue += [(other, at) for other in used]
        return names, classes

    def _last(self, name: str) -> Any:
        """What was taken away before the check of who uses it, as it was at the last check that had it."""
        return next((names[name] for names in reversed(self._at.values()) if name in names), _MISSING)

    def _number(self, names: dict[str, Any], classes: dict[type, dict[str, Any]], end: dict[str, Any]) -> int:
        """The number of the world with these values, of which only what differs from the end is kept."""
        names = {name: value for name, value in names.items() if not _same(end.get(name, _MISSING), value)}
        classes = {owner: changed for owner, attributes in classes.items() if (changed := _changed(owner, attributes))}
        key = frozenset([(name, id(value)) for name, value in names.items()] + [(owner, *sorted(changed)) for owner, changed in classes.items()])
        if key not in self._numbers:
            self._numbers[key] = len(self._worlds)
            self._worlds.append((names, classes))
        return self._numbers[key]


def _same(one: Any, other: Any) -> bool:
    return one is other or (type(one) is type(other) and type(one) in _PLAIN and one == other)


def _changed(owner: type, attributes: dict[str, Any]) -> dict[str, Any]:
    """The attributes that the class has no longer, or with another value; those that came later stay."""
    now = _attributes_of(owner)
    return {name: value for name, value in attributes.items() if not _same(now.get(name, _MISSING), value)}


def _used(roots: list[str], namespace: dict[str, Any]) -> tuple[dict[str, Any], dict[type, dict[str, Any]]]:
    """The values of `roots` and of all names that they use, and the classes among them with their attributes."""
    names: dict[str, Any] = {}
    classes: dict[type, dict[str, Any]] = {}
    queue = list(roots)
    while queue:
        name = queue.pop()
        if name in names or name not in namespace:
            continue
        names[name] = namespace[name]
        used, found = names_in(names[name], namespace)
        classes.update((owner, dict(_attributes_of(owner))) for owner in found)
        queue += used
    return names, classes


def names_in(value: Any, namespace: dict[str, Any]) -> tuple[set[str], list[type]]:
    """The names of `namespace` that a value uses when it is called, and the notebook's classes among what it is made of."""
    names: set[str] = set()
    classes: list[type] = []
    seen: set[int] = set()
    queue = [] if type(value) in _PLAIN else [value]
    while queue and len(seen) < MANY:
        item = queue.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        if type(item) is FunctionType and item.__globals__ is namespace:
            names |= global_names(item.__code__)
        elif issubclass(type(item), type) and _attributes_of(item).get("__module__") == "__main__":
            classes.append(item)
        queue += _parts(item)
    if names & _BY_STRING:
        names |= {name for name in namespace if not name.startswith("_")}
    return names, classes


def _parts(item: Any) -> list[Any]:
    """What an object is made of, as far as it may be code of the notebook's. No code of the student's runs here."""
    kind = type(item)
    if kind is FunctionType:
        return [*(item.__closure__ or ()), *(item.__defaults__ or ()), *(item.__kwdefaults__ or {}).values(), *item.__dict__.values()]
    if kind is CellType:
        with contextlib.suppress(ValueError):  # an empty one
            return [item.cell_contents]
        return []
    if kind is MethodType:
        return [item.__func__, item.__self__]
    if kind in (staticmethod, classmethod):
        return [item.__func__]
    if kind is property:
        return [item.fget, item.fset, item.fdel]
    if kind is partial:
        return [item.func, *item.args, *item.keywords.values()]
    if kind in (list, tuple, set, frozenset) and len(item) < MANY:
        return list(item)
    if kind is dict and len(item) < MANY:
        return list(item.values())
    if issubclass(kind, type):
        return [*_attributes_of(item).values(), *type.mro(item)[1:]] if _attributes_of(item).get("__module__") == "__main__" else []
    if _attributes_of(kind).get("__module__") == "__main__" or issubclass(kind, torch.nn.Module):
        with contextlib.suppress(AttributeError):
            return [kind, *_instance_attributes(item, "__dict__").values()]
        return [kind]
    return []


@lru_cache(4096)
def global_names(code: CodeType) -> frozenset[str]:
    """The global names that a code object and those inside it look up. Attributes, which stand in the same table, are not among them."""
    names: set[str] = set()
    operations, arguments = code.co_code[::2], code.co_code[1::2]
    for operation, shift in _LOADS:
        place = operations.find(operation) if code.co_names else -1
        while place >= 0:
            argument, before = arguments[place], place - 1
            while before >= 0 and operations[before] == dis.EXTENDED_ARG:
                argument |= arguments[before] << 8 * (place - before)
                before -= 1
            names.add(code.co_names[argument >> shift])
            place = operations.find(operation, place + 1)
    for constant in code.co_consts:
        if type(constant) is CodeType:
            names |= global_names(constant)
    return frozenset(names)
