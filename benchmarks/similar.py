"""How long `autograder similar` takes for a made-up class, and whether it finds the answers that were handed round in it.

    .venv/bin/python benchmarks/similar.py [--students 300] [--years 1] [--assignment ps05_softmax_regression] [--keep DIR]

Each student writes the reference in a way of their own: a dozen habits that change little. Each of the course's other right and wrong answers is somebody's,
once, written with that person's habits. Three then give theirs to somebody who changes all names and puts lines in another order: those pairs should lead.
"""

import argparse
import ast
import json
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from autograder.authoring.sample_class import notebook_of
from autograder.notebooks.reference import answers_of, reference_cells

ROOT = Path(__file__).resolve().parents[1]
COMMAND = [sys.executable, "-c", "from autograder.cli import main; main()", "similar"]


class Habits(ast.NodeTransformer):
    """Writes a program as somebody else would: what it does stays nearly the same."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.style = {name: self.random.random() for name in ("method", "axis", "square", "swap", "keyword", "power", "augmented", "steps", "check", "print")}
        self.names: dict[str, str] = {}

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="torch"), attr="exp" | "log" | "sum" as name), args=[first, *rest]) if (
                self.style["method"] < 0.4
            ):
                return ast.Call(ast.Attribute(first, name, ast.Load()), rest, node.keywords)
        for keyword in node.keywords:
            if keyword.arg == "dim" and self.style["axis"] < 0.2:
                keyword.arg = "axis"
            if keyword.arg in ("dim", "axis") and isinstance(keyword.value, ast.Constant) and keyword.value.value == 1 and self.style["keyword"] < 0.5:
                keyword.value = ast.UnaryOp(ast.USub(), ast.Constant(1))
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.Pow) and self.style["square"] < 0.4:
            return ast.Call(ast.Attribute(node.left, "pow", ast.Load()), [node.right], [])
        if isinstance(node.op, ast.Mult) and self.random.random() < self.style["swap"] / 2:
            node.left, node.right = node.right, node.left
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        self.generic_visit(node)
        if self.style["augmented"] < 0.3 and isinstance(node.target, ast.Name):
            return ast.Assign([node.target], ast.BinOp(ast.Name(node.target.id, ast.Load()), node.op, node.value))
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        body = []
        for statement in node.body:
            if isinstance(statement, ast.Return) and isinstance(statement.value, ast.BinOp | ast.Call) and self.style["steps"] < 0.6:
                for operand in ("left", "right") if isinstance(statement.value, ast.BinOp) else ():
                    if not isinstance(getattr(statement.value, operand), ast.Name | ast.Constant) and self.random.random() < 0.6:
                        name = f"step_{operand}"
                        body.append(ast.Assign([ast.Name(name, ast.Store())], getattr(statement.value, operand)))
                        setattr(statement.value, operand, ast.Name(name, ast.Load()))
                if self.random.random() < 0.5:
                    body.append(ast.Assign([ast.Name("result", ast.Store())], statement.value))
                    statement = ast.Return(ast.Name("result", ast.Load()))
            body.append(statement)
        first = node.args.args[0].arg if node.args.args else None
        if first not in (None, "self") and self.style["check"] < 0.25:
            asserts = [f"assert {first} is not None", f"assert isinstance({first}, torch.Tensor)", f"assert len({first}) > 0", f"{first} = {first}.clone()"]
            body.insert(0, ast.parse(self.random.choice(asserts)).body[0])
        if first not in (None, "self") and self.style["print"] < 0.15:
            body.insert(0, ast.parse(self.random.choice([f"print({first}.shape)", f"print(type({first}))", f"# {first}\nprint('here', {first})"])).body[0])
        node.body = body
        return node


def another_way(source: str, seed: int) -> str:
    """The same program by somebody with other habits."""
    try:
        return ast.unparse(ast.fix_missing_locations(Habits(seed).visit(ast.parse(source))))
    except (SyntaxError, ValueError):
        return source


class Renamed(ast.NodeTransformer):
    """Other names for what a program binds, and neighbours that do not need each other in another order."""

    def __init__(self, tree: ast.AST):
        bound = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        self.names = {name: f"my_{number}" for number, name in enumerate(sorted(bound))}

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Name(self.names.get(node.id, node.id), node.ctx)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        for i in range(len(node.body) - 1):
            a, b = node.body[i], node.body[i + 1]
            if isinstance(a, ast.Assign) and isinstance(b, ast.Assign) and not (_binds(a) & _names(b)) and not (_binds(b) & _names(a)):
                node.body[i], node.body[i + 1] = b, a
        return node


def _names(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def _binds(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}


def handed_round(source: str) -> str:
    """A copy that was worked over."""
    tree = ast.parse(source)
    return "# my own version\n" + ast.unparse(ast.fix_missing_locations(Renamed(tree).visit(tree)))


def lay_out(course: Path, assignment: str, students: int, years: int) -> list[set[str]]:
    """Fills submitted/ and the other years; returns the pairs that share answers."""
    release = next((ROOT / "release" / assignment).glob("*.ipynb"))
    blank = notebook_of(assignment, ROOT, {"*": "blank"}, release)
    reference = {cell.grade_id: cell.source for cell in reference_cells(assignment, ROOT) if cell.kind == "solution" and cell.grade_id}
    odd: dict[str, list[str]] = {exercise: [] for exercise in reference}
    for answer in answers_of(assignment, ROOT):
        odd[answer.exercise].append("\n".join(answer.source.splitlines()[ast.parse(answer.source).body[0].end_lineno :]))
    draw = random.Random(1)
    folders = {"": course / "submitted", **{str(2026 - year): course.parent / str(2026 - year) for year in range(years)}}
    everybody = [(year, f"{'old' if year else ''}s{number:03}") for year in folders for number in range(students)]
    written = {author: {exercise: another_way(source, draw.randrange(10**9)) for exercise, source in reference.items()} for author in everybody}
    first, second, third = ("", "s010"), ("", "s021"), everybody[-5]
    for exercise, sources in odd.items():
        draw.shuffle(sources)
        own = [first, second, third]
        for author, source in zip(
            [*own, *draw.sample([one for one in everybody if one not in own], min(len(sources), len(everybody)) - 3)], sources, strict=False
        ):
            written[author][exercise] = another_way(source, draw.randrange(10**9))
    planted = [(("", "s003"), first), (("", "s022"), second), (("", "s035"), third)]
    for taker, giver in planted:
        for exercise in list(reference)[2:]:
            written[taker][exercise] = handed_round(written[giver][exercise])
    for (year, student), answers in written.items():
        document = json.loads(json.dumps(blank))
        for cell in document["cells"]:
            if (name := cell["metadata"].get("nbgrader", {}).get("grade_id")) in answers:
                cell["source"] = answers[name]
        target = folders[year] / student / assignment
        target.mkdir(parents=True)
        (target / release.name).write_text(json.dumps(document))
    return [{taker[1], giver[1]} for taker, giver in planted]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=300)
    parser.add_argument("--years", type=int, default=1)
    parser.add_argument("--assignment", default="ps05_softmax_regression")
    parser.add_argument("--keep", type=Path, help="Copy the page here.")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder) / "course"
        course.mkdir()
        for name in ("course_config.py", "nbgrader_config.py"):
            shutil.copy(ROOT / name, course / name)
        for name in ("solutions", "release", "source", "autograder"):
            (course / name).symlink_to(ROOT / name)
        planted = lay_out(course, options.assignment, options.students, options.years)
        began = time.monotonic()
        years = [argument for year in range(options.years) for argument in ("--years", f"../{2026 - year}")]
        done = subprocess.run([*COMMAND, options.assignment, *years], cwd=course, capture_output=True, text=True)
        seconds, used = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        print(done.stdout.strip(), done.stderr.strip()[-2000:])
        page = (course / "similar.html").read_text()
        found = [set(re.findall(r"<bdi>(\w+)", who)) for who in re.findall(r'<span class="who">.*?</span>', page)]
        amounts = re.findall(r'<span class="much">(\d+)', page)
        places = [found.index(pair) + 1 if pair in found else None for pair in planted]
        print(f"{options.students} students, {options.years} other years: {used.ru_utime + used.ru_stime:.1f} s of a processor, {seconds:.1f} s by the clock")
        print(f"{used.ru_maxrss / 1e3:.0f} MB of memory, a page of {len(page) / 1e6:.2f} MB, pairs that were handed round at places {places}")
        print(f"tokens of the first ten: {', '.join(amounts[:10])}")
        if options.keep:
            shutil.copy(course / "similar.html", options.keep)


if __name__ == "__main__":
    main()
