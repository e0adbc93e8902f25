"""What a notebook of the course needs on a student's machine: found in what the releases import, in versions near those that the course is tested with."""

import ast
import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

from ...grading.course import Course
from ...notebooks.master import source_of

TO_WORK_WITH = ("jupyterlab", "ipykernel", "nbgrader")  # opening and validating
_HEAD = """\
# What the notebooks of this course need, without a GPU. On Linux the package index has PyTorch with CUDA, several gigabytes; the CPU's lies here.
# Where this address cannot be reached, delete the line: everything is found in the package index, too.
--extra-index-url https://download.pytorch.org/whl/cpu
"""


def requirements(course: Course) -> str:
    """requirements.txt for all assignments that have been built, so that nobody has to install again in the middle of the term."""
    files = [path for name in course.names for path in _released(course.root / "release" / name)]
    own = {path.stem for path in files if path.suffix == ".py"}
    modules = {module for path in files for module in _imports(path)} - own - sys.stdlib_module_names
    versions = _locked(course.root / "requirements.lock")
    least = _least_torch(files)
    packages = {_package(module, versions) for module in modules} | set(TO_WORK_WITH)
    return _HEAD + "".join(f"{name}{_range(name, versions.get(name, ''), least)}\n" for name in sorted(packages))


def _released(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("[!.]*") if path.suffix in (".ipynb", ".py")) if folder.is_dir() else []


def _imports(path: Path) -> Iterator[str]:
    for code in _codes(path):
        for node in ast.walk(_parsed(code)):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.partition(".")[0]


def _codes(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    return [text] if path.suffix == ".py" else [source_of(cell) for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]


def _parsed(code: str) -> ast.AST:
    """Lines for IPython are left out; what is no Python then imports nothing."""
    try:
        return ast.parse(re.sub(r"(?m)^(\s*)[%!?].*$", r"\1pass", code))
    except SyntaxError:
        return ast.Module([], [])


@cache
def _distributions() -> dict[str, list[str]]:
    return {module: [name.lower().replace("_", "-") for name in names] for module, names in packages_distributions().items()}


def _package(module: str, versions: dict[str, str]) -> str:
    """What a module is installed as."""
    names = _distributions().get(module, [module])
    return next((name for name in names if name in versions), names[0])


def _locked(lock: Path) -> dict[str, str]:
    text = lock.read_text(encoding="utf-8") if lock.is_file() else ""
    return dict(re.findall(r"(?m)^([a-z0-9.-]+)(?:\[[^\]]*\])?==([^;\s]+)", text))


def _least_torch(files: list[Path]) -> str:
    """What course_tools.py asks for."""
    tools = next((path for path in files if path.name == "course_tools.py"), None)
    found = re.search(r"(?m)^MINIMUM_TORCH = \((\d+), (\d+)\)", tools.read_text(encoding="utf-8")) if tools else None
    return f"{found[1]}.{found[2]}" if found else ""


def _range(name: str, version: str, least_torch: str) -> str:
    """The major version that the course is tested with: wheels of an exact one do not exist for every system and Python."""
    if not version:
        return ""
    major = int(version.partition(".")[0])
    least = least_torch if name == "torch" and least_torch else str(major)
    return f">={least},<{major + 1}" if major else "<1"
