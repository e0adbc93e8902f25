"""What a student handed in: which of its files is the notebook to grade, whatever it is called and wherever it lies.

A folder is looked through in rings, and the next one only while no notebook of the assignment with an answer in it is found: notebooks in the folder
itself; files that may be one under another ending, and notebooks in folders below; archives. In a ring the one with most answers counts; among equals
the one with the highest number that a browser or platform puts behind a name, then the newest. Hidden files are no notebooks.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path, PurePosixPath

from .archive import Archive
from .helper_modules import is_helper
from .master import Master
from .plan import Plan
from .reader import Unreadable, WrongAssignment, cells_of, decode, make_plan, read_file
from .statements import defined_names

MAX_DEPTH, MAX_FILES, MAX_TRIED, NAMED = 3, 1_000, 20, 5
PASSED_OVER = ("__MACOSX", "__pycache__")
ARCHIVES, OTHER_ENDINGS = (".zip",), (".json", ".txt", "", ".download")
_NUMBER = re.compile(r"(.*?)(?:[ _-]*\((\d{1,4})\)|[ _-](\d{1,4}))?")
_ENDING = re.compile(r"(\.ipynb|\.json|\.txt|\.html?|\.download)+$", re.IGNORECASE)


class NoNotebook(Unreadable):
    """Nothing in a folder is a notebook of the assignment. names: the files that are there instead."""

    def __init__(self, names: list[str]):
        self.names = names
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        super().__init__(f"there is no notebook in what was handed in, only {', '.join(names[:NAMED])}{more}" if names else "the folder is empty")


@dataclass(frozen=True)
class File:
    """A file that may be the notebook. name: its path in what was handed in; beside: what reads the files in its folder, by their names."""

    name: str
    read: Callable[[], bytes]
    beside: Callable[[], Mapping[str, Callable[[], bytes]]] = dict
    modified: float = 0.0
    path: Path | None = None


@dataclass(frozen=True)
class HandIn:
    """The notebook that was taken. plan: None when it cannot be read, which `unreadable` explains; data: what was read; others: notebooks of
    the same assignment that were left; is_another: whether it is the notebook of another assignment."""

    file: File
    plan: Plan | None
    unreadable: str = ""
    data: bytes = b""
    others: tuple[str, ...] = ()
    is_another: bool = False

    @property
    def key(self) -> bytes:
        """Changes when something that counts changes."""
        words = self.unreadable if self.plan is None else repr((self.plan.notes, self.plan.cells))
        return sha256(self.data).digest() + words.encode(errors="replace")


def read_hand_in(
    folder: Path, master: Master, masters: dict[str, Master], skip: Callable[[Path], bool] = lambda _: False, by_ids: bool = False
) -> HandIn:  # fmt: skip
    """The notebook of a submission's folder. skip: folders that hold no hand-in; by_ids: whether a notebook counts only when it has cells with the
    assignment's grade ids and no other assignment has more, for folders that may hold anything. Raises NoNotebook."""
    best: HandIn | None = None
    for ring in _rings(folder, skip):
        found = _best(list(ring), master, masters, by_ids)
        if found is not None and (best is None or _rank(found, master) > _rank(best, master)):
            best = found
        if best is not None and best.plan is not None and _answers(best.plan, master):
            break
    if best is None:
        raise NoNotebook(_other_files(folder, master, skip))
    return best


def read_one(path: Path, master: Master, masters: dict[str, Master], name: str = "") -> HandIn:
    """The notebook in a file that was named: itself, or the best in an archive."""
    file = File(name or path.name, lambda: read_file(path), lambda: _beside(path.parent), path=path)
    if path.suffix.lower() in ARCHIVES:
        try:
            return _best(list(_in_archive(path)), master, masters) or HandIn(file, None, f"{path.name} holds no notebook")
        except Unreadable as error:
            return HandIn(file, None, str(error))
    return _try(file, master, masters)


def what_it_holds(path: Path) -> tuple[set[str], set[str]]:
    """Grade ids of the cells in a file or archive, and names that they define. Raises Unreadable."""
    files = list(_in_archive(path)) if path.suffix.lower() in ARCHIVES else [File(path.name, lambda: read_file(path))]
    cells = [cell for file in files[:MAX_TRIED] for cell in cells_of(decode(file.read(), path.name)[0], path.name)[0]]
    return {cell.grade_id for cell in cells if cell.grade_id}, {name for cell in cells if cell.cell_type == "code" for name in defined_names(cell.source)}


# -- choosing -----------------------------------------------------------------------------------------------------------------


def _best(files: list[File], master: Master, masters: dict[str, Master], by_ids: bool = False) -> HandIn | None:
    """The best of a ring; where none can be read, the first that is called a notebook."""
    files = sorted(files, key=lambda file: (_number(file.name, master) < 0, file.name))
    tried = [_try(file, master, masters) for file in files[:MAX_TRIED]]
    if by_ids:
        tried = [one for one in tried if one.plan is not None and _is_of(master, masters, _ids(one))]
    if not tried:
        return None
    chosen = max(tried, key=lambda one: _rank(one, master))
    if chosen.plan is None:
        chosen = tried[0]
        return chosen if ".ipynb" in chosen.file.name.lower() else None
    others = [one for one in tried if one.plan is not None and one.data != chosen.data]
    names = [*(one.file.name for one in others), *(file.name for file in files[MAX_TRIED:])]
    broken = [one.unreadable for one in tried if one.plan is None and not one.is_another and ".ipynb" in one.file.name.lower()]
    notes = [*_notes(chosen, names), *broken[:NAMED]]
    return replace(chosen, plan=replace(chosen.plan, notes=notes + chosen.plan.notes), others=tuple(names))


def _try(file: File, master: Master, masters: dict[str, Master]) -> HandIn:
    name = PurePosixPath(file.name).name
    data = b""
    try:
        data = file.read()
        return HandIn(file, make_plan(master, data, name, masters, file.beside), data=data)
    except Unreadable as error:
        return HandIn(file, None, str(error), data, is_another=isinstance(error, WrongAssignment))


def _ids(found: HandIn) -> set[str]:
    return {cell.grade_id for cell in cells_of(decode(found.data, found.file.name)[0], found.file.name)[0] if cell.grade_id}


def _is_of(master: Master, masters: dict[str, Master], ids: set[str]) -> bool:
    """Whether a notebook with these cells may be of this assignment: assignments share the names of some exercises."""
    mine = len(master.own_ids & ids)
    return mine > 0 and all(len(other.own_ids & ids) <= mine for other in masters.values())


def _rank(found: HandIn, master: Master) -> tuple:
    if found.plan is None:
        return (-1,)
    return (_answers(found.plan, master), _number(found.file.name, master), len(found.plan.written), found.file.modified, found.file.name)


def _answers(plan: Plan, master: Master) -> int:
    """How many exercises hold an answer, or how many questions, when there are no exercises."""
    return len(plan.answered) if any(cell.kind == "solution" for cell in master.cells) else len(plan.written)


def _number(name: str, master: Master) -> int:
    """The number behind the expected name, 0 for the name itself, -1 for another name."""
    stem = _ENDING.sub("", PurePosixPath(name).name)
    expected = _ENDING.sub("", master.notebook)
    if stem == expected:
        return 0
    found = _NUMBER.fullmatch(stem)
    return int(found[2] or found[3] or 0) if found and found[1].casefold() == expected.casefold() else -1


def _notes(chosen: HandIn, others: list[str]) -> Iterator[str]:
    name = _printable(chosen.file.name)
    if others:
        left = ", ".join(_printable(other) for other in others[:NAMED]) + (f" and {len(others) - NAMED} more" if len(others) > NAMED else "")
        yield f"of {len(others) + 1} notebooks {name} was graded, which holds most answers or is the newest; left: {left}"
    elif "/" in name or not name.lower().endswith(".ipynb"):
        yield f"the notebook was found as {name}"


def _printable(name: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in name)[-120:]


# -- finding ------------------------------------------------------------------------------------------------------------------


def _rings(folder: Path, skip: Callable[[Path], bool]) -> Iterator[Iterator[File]]:
    yield (_file(folder, path) for path in _visible(folder) if path.suffix.lower() == ".ipynb")
    yield _elsewhere(folder, skip)
    yield (file for path in _below(folder, skip) if path.suffix.lower() in ARCHIVES for file in _in_archive_or_none(path, folder))


def _elsewhere(folder: Path, skip: Callable[[Path], bool]) -> Iterator[File]:
    for path in _below(folder, skip):
        is_below = path.parent != folder
        ending = path.suffix.lower()
        if (ending == ".ipynb" and is_below) or (ending in OTHER_ENDINGS and (".ipynb" in path.name.lower() or _begins_like_json(path))):
            yield _file(folder, path)


def _begins_like_json(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            start = file.read(4_000)
    except OSError:
        return False
    return start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{") and b'"cells"' in start


def _file(folder: Path, path: Path) -> File:
    try:
        modified = path.lstat().st_mtime
    except OSError:
        modified = 0.0
    return File(path.relative_to(folder).as_posix(), lambda: read_file(path), lambda: _beside(path.parent), modified, path)


def _visible(folder: Path) -> list[Path]:
    """What lies in a folder, links and pipes too."""
    try:
        return sorted(path for path in folder.iterdir() if path.name[0] != "." and path.name not in PASSED_OVER)
    except OSError:
        return []


def _below(folder: Path, skip: Callable[[Path], bool]) -> Iterator[Path]:
    """Regular files in the folder and those below it; links are not followed."""
    count = 0
    for where, folders, files in os.walk(folder):
        here = Path(where)
        depth = len(here.relative_to(folder).parts)
        folders[:] = sorted(name for name in folders if name[0] != "." and name not in PASSED_OVER and depth < MAX_DEPTH and not skip(here / name))
        for name in sorted(files):
            path = here / name
            if name[0] != "." and path.is_file() and not path.is_symlink():
                count += 1
                if count > MAX_FILES:
                    return
                yield path


def _beside(folder: Path) -> dict[str, Callable[[], bytes]]:
    regular = [path for path in _visible(folder) if is_helper(path.name) and path.is_file() and not path.is_symlink()]
    return {path.name: partial(read_file, path) for path in regular}


def _in_archive(path: Path, name: str = "") -> Iterator[File]:
    """Notebooks in an archive. Raises Unreadable."""
    members = [member for member in Archive(path).members() if _is_shown(member.name)]
    for member in members:
        if PurePosixPath(member.name).suffix.lower() == ".ipynb":
            here = PurePosixPath(member.name).parent
            beside = {PurePosixPath(other.name).name: other.read for other in members if PurePosixPath(other.name).parent == here}
            yield File(f"{name or path.name}/{member.name}", member.read, partial(dict, beside), member.modified, path)


def _in_archive_or_none(path: Path, folder: Path) -> Iterator[File]:
    try:
        yield from _in_archive(path, path.relative_to(folder).as_posix())
    except Unreadable:
        return  # it is named when nothing else is found


def _is_shown(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return len(parts) <= MAX_DEPTH + 1 and not any(part[0] == "." or part in PASSED_OVER for part in parts)


def _other_files(folder: Path, master: Master, skip: Callable[[Path], bool]) -> list[str]:
    """What lies there instead of a notebook: not the time stamp, and nothing that the course handed out."""
    known = {"timestamp.txt", *master.files}
    return [_printable(path.relative_to(folder).as_posix()) for path in _below(folder, skip) if path.name not in known][: NAMED + 100]
