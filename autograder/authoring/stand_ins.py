"""Answers made from a reference: right ones in another form, wrong ones with one slip. They hold until an author puts those of students in their place."""

import ast
import copy
import re
from collections.abc import Iterator

from ..vocabulary.mutants import mutants_of
from .trial import Trial

RIGHT, WRONG = 3, 4


def right_answers(function: ast.FunctionDef, trial: Trial, drawn: dict[str, str]) -> dict[str, str]:
    """{slug: text of the file}: those that lose nothing."""
    found = {}
    for slug, about, source in _other_forms(function, drawn):
        if not trial.loses(source):
            found[slug] = f'"""{about}"""\n\n\n{source}\n'
    return dict(list(found.items())[:RIGHT])


def wrong_answers(function: ast.FunctionDef, trial: Trial) -> dict[str, str]:
    """{slug: text of the file}: of the slips that the grader finds four, of as many kinds as there are."""
    by_kind: dict[str, list[tuple[str, str, list[str]]]] = {}
    for kind, about, source in _slips(function):
        lost = trial.loses(source)
        if lost:
            by_kind.setdefault(kind, []).append((about, source, lost))
    found: dict[str, str] = {}
    while any(by_kind.values()) and len(found) < WRONG:
        for kind in [kind for kind, slips in by_kind.items() if slips][: WRONG - len(found)]:
            about, source, lost = by_kind[kind].pop(0)
            slug = f"{kind}_{sum(one.startswith(kind) for one in found) + 1}"
            found[slug] = "\n".join([f'"""{about}', "", *(f"Fails: {title}" for title in lost), '"""', "", "", source, ""])
    return found


def without_docstring(function: ast.FunctionDef) -> ast.FunctionDef:
    bare = copy.deepcopy(function)
    if ast.get_docstring(function) is not None:
        del bare.body[0]
    return bare


def _text(function: ast.FunctionDef) -> str:
    return ast.unparse(ast.fix_missing_locations(function))


def _other_forms(function: ast.FunctionDef, drawn: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """Slug, first line of the docstring, source. drawn: how the arguments are drawn, see `described.Arguments`."""
    names = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
    numbers = [one for one in names if ".normal" in drawn.get(one, "") or ".uniform" in drawn.get(one, "") or ".probabilities" in drawn.get(one, "")]
    call, plain = ", ".join(names), _text(function)
    head = plain.splitlines()[0]
    helper = plain.replace(f"def {function.name}(", f"def _{function.name}(", 1)
    if numbers:
        wide = ", ".join(f"{one}.double()" if one in numbers else one for one in names)
        source = f"{helper}\n\n\n{head}\n    return _{function.name}({wide}).to({numbers[0]}.dtype)"
        yield "float64_inside", "Computes in float64 and gives back the dtype that came.", source
    yield "helper", "The work is done by a helper.", f"{helper}\n\n\n{head}\n    return _{function.name}({call})"
    copies = "\n".join(f"    {one} = {one}.clone()" for one in names if drawn.get(one, "").startswith("draw."))
    yield "copies", "Works on copies of what it is given.", "\n".join([head, copies, *plain.splitlines()[1:]])
    result = re.sub(r"^( *)return (.+)$", r"\1result = \2\n\1return result", plain, flags=re.MULTILINE)
    yield "result_first", "Keeps the result under a name before it is returned.", result


def _slips(function: ast.FunctionDef) -> Iterator[tuple[str, str, str]]:
    """Kind, first line of the docstring, source: mutants first, then what can be done to any result."""
    plain = _text(function)
    if "while " not in plain:  # a mutant of such a loop may never end
        for mutant in sorted(mutants_of(function.name, plain), key=lambda mutant: not mutant.words):
            words = f", {mutant.words}" if mutant.words else f": {mutant.change}"
            yield re.sub(r"\W+", "_", mutant.kind), f"One place is wrong{words}."[:150], mutant.source.rstrip()
    helper, head = plain.replace(f"def {function.name}(", f"def _{function.name}(", 1), plain.splitlines()[0]
    call = f"_{function.name}({', '.join(one.arg for one in function.args.args)})"
    for kind, about, result in (
        ("negative", "The sign is turned.", f"-{call}"),
        ("twice", "Twice what it should be.", f"2 * {call}"),
        ("zeros", "Zeros of the right shape.", f"0 * {call}"),
        ("nothing", "Nothing is returned.", f"{call} and None"),
    ):
        yield kind, about, f"{helper}\n\n\n{head}\n    return {result}"
