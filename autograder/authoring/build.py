"""`autograder build`: text in `solutions/` → notebooks in `source/` → student versions in `release/`, the last step by nbgrader itself."""

import filecmp
import hashlib
import json
import logging
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jupytext
import nbformat

from ..grading.course import CONFIG, Course, load_course
from ..notebooks.master import Master
from ..notebooks.reference import solution_path
from ..notebooks.written import most_points
from .errors import BuildError
from .opened_alone import add_first_cell

SHARED = "course_tools.py"
_GRADE_ID = re.compile(r'"grade_id": "([^"]+)"')
LEAKS = ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN", "END HIDDEN")


def build(
    course: Course, names: list[str], gradebook: str = "", say: Callable[[str], None] = lambda _: None, built: Callable[[], None] = lambda: None
) -> list[Path]:  # fmt: skip
    """Builds assignments. Returns the release notebooks. gradebook: its address, "" for the course's own; `say` gets sentences on due dates; `built` is called
    after each assignment."""
    from ..nbgrader_plugin.gradebook import gradebook_of, gradebook_url, nbgrader_config
    from ..nbgrader_plugin.settle import Settler

    config = nbgrader_config(course)
    config.CourseDirectory.db_url = gradebook or gradebook_url(config)
    with gradebook_of(course, config) as (_, _url):  # opened once before nbgrader does: what is wrong with it becomes a sentence
        pass
    api = _api(config)
    releases = []
    for name in names:
        write_source(course.root, name)
        releases.append(_release(api, course, name))
        built()
    course.__dict__.pop("masters", None)
    with gradebook_of(course, config) as (book, url):
        settler = Settler(course, book, url, config)
        for name in names:
            settler.enter(name)
    for sentence in settler.notes:
        say(sentence)
    return releases


def write_source(root: Path, name: str) -> Path:
    """Makes source/<name>/<stem>.ipynb from the text, and puts the shared module beside it."""
    text = solution_path(name, root)
    _check_regions(text.relative_to(root), text.read_text(encoding="utf-8"))
    notebook = jupytext.read(text, fmt="py:percent")
    _check(notebook, name)
    _set_ids(notebook)
    notebook.metadata = nbformat.from_dict({
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}, "language_info": {"name": "python"},
    })  # fmt: skip
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    target = root / "source" / name / f"{text.stem}.ipynb"
    target.parent.mkdir(parents=True, exist_ok=True)
    content = nbformat.writes(notebook) + "\n"
    if not target.is_file() or target.read_text(encoding="utf-8") != content:
        target.write_text(content, encoding="utf-8")
    for other in target.parent.glob("[!.]*.ipynb"):
        if other != target:
            raise BuildError(f"source/{name}/ holds {other.name} besides {target.name}; an assignment is one notebook")
    shared = root / "source" / SHARED
    if shared.is_file():
        shutil.copyfile(shared, target.parent / SHARED)
    return target


def _check_regions(file: Path, text: str) -> None:
    """Each BEGIN SOLUTION has its END SOLUTION in the same cell, and the other way round."""
    cell, begun = "", 0  # the line of a region that is open

    def broken(line: int, words: str) -> BuildError:
        return BuildError(f"{file}, line {line}: {words}{f' in the cell {cell}' if cell else ''}")

    for number, line in enumerate([*text.splitlines(), "# %%"], start=1):
        if line.startswith("# %%"):
            if begun:
                raise broken(begun, "### BEGIN SOLUTION has no ### END SOLUTION")
            named = _GRADE_ID.search(line)
            cell = named[1] if named else ""
        elif "### BEGIN SOLUTION" in line:
            if begun:
                raise broken(begun, "### BEGIN SOLUTION has no ### END SOLUTION before the next one")
            begun = number
        elif "### END SOLUTION" in line:
            if not begun:
                raise broken(number, "### END SOLUTION has no ### BEGIN SOLUTION")
            begun = 0


def _check(notebook: Any, name: str) -> None:
    """What students and graders rely on: unique grade ids, a check for each solution that is graded, 100 points."""
    graded = [cell.metadata["nbgrader"] for cell in notebook.cells if "nbgrader" in cell.metadata]
    ids = [record["grade_id"] for record in graded]
    double = {grade_id for grade_id in ids if ids.count(grade_id) > 1}
    if double:
        raise BuildError(f"{name}: the grade id {sorted(double)[0]!r} stands on two cells")
    points = sum(float(record.get("points") or 0) for record in graded if record["grade"])
    if abs(points - 100) > 1e-9:
        raise BuildError(f"{name}: the points add up to {points:g}, not to 100")


def _set_ids(notebook: Any) -> None:
    """Cell ids that depend on the cell alone, so that a rebuild changes nothing."""
    used: set[str] = set()
    for cell in notebook.cells:
        cell.metadata.pop("lines_to_next_cell", None)
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        base = grade_id or f"{cell.cell_type}-{hashlib.sha256(cell.source.encode()).hexdigest()[:10]}"
        base = base.replace("_", "-")[:56]
        identity, number = base, 1
        while identity in used:
            number += 1
            identity = f"{base}-{number}"
        used.add(identity)
        cell["id"] = identity
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None


def _api(config: Any) -> Any:
    from nbgrader.apps import NbGraderAPI

    logging.getLogger("traitlets").setLevel(logging.ERROR)
    return NbGraderAPI(config=config)


def _release(api: Any, course: Course, name: str) -> Path:
    result = api.generate_assignment(name, force=True, create=True)
    if not result["success"]:
        raise BuildError(f"{name}: nbgrader could not make the release:\n{result.get('error') or result.get('log')}")
    release = next((course.root / "release" / name).glob("[!.]*.ipynb"))
    add_first_cell(release, course.handout_address)
    tidy(release)
    text = release.read_text(encoding="utf-8")
    leak = next((word for word in LEAKS if word in text), None)
    if leak:
        raise BuildError(f"release/{name}/{release.name} still holds {leak!r}: is a region not closed?")
    _check_written(Master.load(name, course.root / "release"))
    return release


def _check_written(master: Master) -> None:
    """Marks by hand are held to what the question's text says."""
    most = most_points(master)
    unsaid = [cell.grade_id for cell in master.cells if cell.kind == "written" and not cell.points and cell.grade_id not in most]
    if unsaid:
        raise BuildError(f"{master.name}: the text of {unsaid[0]} does not say what it gives at most; write for instance (up to 4 points of extra credit)")


def tidy(notebook: Path) -> None:
    """The same bytes on every machine: stable indentation and a newline at the end."""
    document = json.loads(notebook.read_text(encoding="utf-8"))
    notebook.write_text(json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")


def stale_files(course: Course, names: list[str]) -> list[str]:
    """Files of source/ and release/ that differ from what a build of the text makes, relative to the course."""
    with tempfile.TemporaryDirectory(prefix="autograder-build-") as folder:
        root = Path(folder)
        shutil.copy(course.root / CONFIG, root / CONFIG)
        (root / "source").mkdir()
        shared = course.root / "source" / SHARED
        if shared.is_file():
            shutil.copy(shared, root / "source" / SHARED)
        for name in names:
            shutil.copytree(course.root / "solutions" / name, root / "solutions" / name, ignore=shutil.ignore_patterns("__pycache__"))
            extra = course.root / "source" / name
            if extra.is_dir():
                shutil.copytree(extra, root / "source" / name, ignore=shutil.ignore_patterns("*.ipynb", SHARED, "__pycache__", ".ipynb_checkpoints"))
        build(load_course(root), names, f"sqlite:///{root / 'gradebook.db'}")
        return sorted(_differences(root, course.root, names))


def _differences(fresh: Path, committed: Path, names: list[str]) -> list[str]:
    stale = []
    for tree in ("source", "release"):
        for name in names:
            made = {p.relative_to(fresh) for p in (fresh / tree / name).rglob("*") if _counts(p, tree)}
            kept = {p.relative_to(committed) for p in (committed / tree / name).rglob("*") if _counts(p, tree)}
            stale += [f"{path} (not built)" for path in made - kept]
            stale += [f"{path} (should not be there)" for path in kept - made]
            stale += [str(path) for path in made & kept if not filecmp.cmp(fresh / path, committed / path, shallow=False)]
    return stale


def _counts(path: Path, tree: str) -> bool:
    hidden = path.name[0] == "." or any(part in ("__pycache__", ".ipynb_checkpoints") for part in path.parts)
    return path.is_file() and not hidden and not (tree == "source" and path.name == SHARED)
