"""Repositories: a folder of clones, or a text file with one a line, `ann https://host/ann/homework.git` or the address or path alone.

Taken is the newest commit of the current branch that was made by the due date, extension and grace included. Whoever has no answers by then is taken by the
newest commit, late. The time is that of the commit which last changed the notebook; a commit's time is the clock of the machine it was made on.

A repository may be a stranger's: only commands that read objects are called in it, which run no hook, filter, pager or program that its configuration names.
"""

import os
import re
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path, PurePosixPath

from ..notebooks.hand_in import NoNotebook, read_hand_in
from ..notebooks.master import Master
from ..notebooks.reader import MAX_BYTES, Unreadable
from .attempt import Attempt, Person
from .bundle import MAX_FILES, Bundle, Incoming, within
from .errors import CollectError, shown
from .labels import readings

SECONDS = 300
MAX_REPOSITORIES, MAX_LIST_BYTES, MAX_NOTEBOOKS, MAX_DEPTH = 5_000, 1 << 20, 50, 4
PROTOCOLS = "file:git:http:https:ssh"
REGULAR = ("100644", "100755")
_ADDRESS = re.compile(r"[/\\:]")
_SAFE = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "log.showSignature=false", "-c", "core.commitGraph=false")
NEEDED = "name a folder of clones, or a text file with the address or path of one repository a line"


@dataclass(frozen=True)
class Repository:
    """label: what stands for the student; path: of the clone."""

    label: str
    path: Path

    def run(self, *arguments: str) -> bytes:
        """What a command that reads prints. Raises Unreadable."""
        return _git("-C", str(self.path), *arguments, protocols="none")


def git_attempts(
    bundle: Bundle, master: Master, masters: dict[str, Master], due: Callable[[Person], float | None], scratch: Path
) -> list[Attempt]:  # fmt: skip
    """due: seconds since 1970 of the end of a person's time, None for no end; scratch: an empty folder for clones, which must last as long as the attempts.
    Raises CollectError."""
    repositories = _repositories(bundle, scratch)
    words = (master.name, PurePosixPath(master.notebook).stem, *_common_start([repository.label for repository in repositories]))
    attempts = []
    for repository in repositories:
        person = Person(labels=readings(repository.label, words))
        try:
            attempt = _attempt(repository, person, master, masters, due(person))
        except Unreadable as error:
            bundle.left_out.append(f"{shown(repository.label)}: {error}")
            continue
        if attempt is None:
            bundle.notes.append(f"{shown(repository.label)}: no commit holds a notebook of {master.name}")
        else:
            attempts.append(attempt)
    return attempts


def _attempt(repository: Repository, person: Person, master: Master, masters: dict[str, Master], due: float | None) -> Attempt | None:
    try:
        newest = repository.run("rev-parse", "--verify", "--quiet", "HEAD^{commit}").decode().strip()
    except Unreadable as error:
        raise Unreadable(f"{error}" if "dubious" in str(error) else "the repository has no commit, or cannot be read") from None
    in_time = repository.run("rev-list", "-1", f"--min-age={int(due)}", newest).decode().strip() if due is not None else newest
    found = _hand_in(repository, in_time, master, masters) if in_time else None
    last = found if in_time == newest else _hand_in(repository, newest, master, masters)
    if found is None or (last is not None and last.answers and not found.answers):
        found, in_time = last, newest
    if found is None:
        return None
    notes = []
    time = _changed(repository, in_time, found.notebook)
    if in_time != newest and last is not None and (later := _changed(repository, newest, last.notebook)) > time:
        notes.append(f"a later commit, of {later:%Y-%m-%d %H:%M} UTC, was not taken")
    if due is not None and time.timestamp() > due:
        notes.append(f"late, committed at {time:%Y-%m-%d %H:%M} UTC")
    return Attempt(person, found.files, time, time.timestamp(), notes=notes)


# -- what a commit holds ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Found:
    notebook: str
    files: list[Incoming]
    answers: int


def _hand_in(repository: Repository, commit: str, master: Master, masters: dict[str, Master]) -> _Found | None:
    """The folder of the assignment's name, else the notebook with its cells and what lies in the same folder."""
    files = _files(repository, commit)
    places = {"/".join(file.parts[:i]) for file in files for i in range(1, len(file.parts)) if file.parts[i - 1] == master.name and i < MAX_DEPTH}
    for place in sorted(places, key=len):
        own = within(files, place)
        found = _notebook(own, master, masters, by_ids=False)
        if found is not None:
            return _Found(f"{place}/{found[0]}", own, found[1])
    found = _notebook(files, master, masters, by_ids=True)
    if found is None:
        return None
    folder = str(PurePosixPath(found[0]).parent).removeprefix(".")
    beside = [file for file in within(files, folder) if "/" not in file.name]
    chosen = PurePosixPath(found[0]).name
    return _Found(found[0], [file for file in beside if file.name == chosen or not file.name.lower().endswith(".ipynb")], found[1])


def _notebook(files: list[Incoming], master: Master, masters: dict[str, Master], by_ids: bool) -> tuple[str, int] | None:
    """The path of the notebook, and how many answers it holds."""
    notebooks = [file for file in files if file.name.lower().endswith(".ipynb") and len(file.parts) <= MAX_DEPTH and file.size <= MAX_BYTES]
    with tempfile.TemporaryDirectory() as folder:
        names = {}
        for number, file in enumerate(notebooks[:MAX_NOTEBOOKS]):
            path = Path(folder, f"{number}", file.parts[-1][-100:].replace("\0", ""))
            path.parent.mkdir()
            path.write_bytes(file.read())
            names[str(number)] = file.name
        try:
            found = read_hand_in(Path(folder), master, masters, by_ids=by_ids)
        except NoNotebook:
            return None
    return names[PurePosixPath(found.file.name).parts[0]], len(found.plan.answered) if found.plan else 0


def _files(repository: Repository, commit: str) -> list[Incoming]:
    """Regular files; links and submodules are none."""
    files = []
    for line in repository.run("ls-tree", "-r", "-z", "--long", "--full-tree", commit).split(b"\0")[:MAX_FILES]:
        about, _, raw = line.partition(b"\t")
        name = raw.decode(errors="replace")
        if not raw or any(part.startswith(".") or part == "__pycache__" for part in name.split("/")):
            continue
        mode, _, blob, size = about.decode().split()
        if mode in REGULAR:
            files.append(Incoming(name, int(size), None, partial(repository.run, "cat-file", "blob", blob)))
    return files


def _changed(repository: Repository, commit: str, path: str) -> datetime:
    """When the commit was made that last changed a file."""
    words = repository.run("rev-list", "-1", "--timestamp", commit, "--", path).split() or repository.run("rev-list", "-1", "--timestamp", commit).split()
    return datetime.fromtimestamp(int(words[0]), UTC)


# -- repositories -----------------------------------------------------------------------------------------------------------


def _repositories(bundle: Bundle, scratch: Path) -> list[Repository]:
    path = bundle.path
    if path.is_dir():
        found = [Repository(one.name.removesuffix(".git"), one) for one in sorted(path.iterdir()) if not one.is_symlink() and _is_repository(one)]
    elif path.is_file():
        found = _listed(bundle, scratch)
    else:
        raise CollectError(f"there is no {path}: {NEEDED}")
    if not found and not bundle.left_out:
        raise CollectError(f"{path} holds no git repositories: {NEEDED}")
    return found[:MAX_REPOSITORIES]


def _common_start(labels: list[str]) -> list[str]:
    """What all names begin with, as where a service names repositories by the homework and the student."""
    if len(labels) < 2:
        return []
    first, last = min(labels), max(labels)
    length = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    start = re.match(r"(.+)[-_]", first[:length])
    return [start[1]] if start else []


def _is_repository(path: Path) -> bool:
    return path.is_dir() and ((path / ".git").exists() or ((path / "HEAD").is_file() and (path / "objects").is_dir()))


def _listed(bundle: Bundle, scratch: Path) -> list[Repository]:
    path = bundle.path
    try:
        text = path.read_bytes()[:MAX_LIST_BYTES].decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise CollectError(f"{path.name} is no text in UTF-8: {NEEDED}") from None
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        words = [word for word in re.split(r"[\s,;]+", line.partition("#")[0]) if word]
        if not words:
            continue
        addresses = [word for word in words if _ADDRESS.search(word)] or words[-1:]
        if len(addresses) > 1 or len(words) > 2 or addresses[0].startswith("-"):
            raise CollectError(f"{path.name}, line {number}: it reads STUDENT ADDRESS or ADDRESS, with nothing else")
        address = addresses[0]
        label = next((word for word in words if word != address), PurePosixPath(address.rstrip("/")).name.removesuffix(".git").rpartition(":")[2])
        here = path.parent / address
        try:
            found.append(Repository(label, here if _is_repository(here) else _clone(address, scratch / str(number))))
        except Unreadable as error:
            bundle.left_out.append(f"{shown(label)}: {shown(address)} cannot be cloned: {error}")
    return found


def _clone(address: str, target: Path) -> Path:
    _git("clone", "--quiet", "--bare", "--single-branch", "--", address, str(target), protocols=PROTOCOLS)
    return target


def _git(*arguments: str, protocols: str) -> bytes:
    """Raises Unreadable with git's own last words."""
    own = {
        "GIT_TERMINAL_PROMPT": "0", "GIT_ALLOW_PROTOCOL": protocols, "GIT_LITERAL_PATHSPECS": "1", "GIT_NO_REPLACE_OBJECTS": "1", "GIT_OPTIONAL_LOCKS": "0",
        "GIT_ASKPASS": "", "SSH_ASKPASS": "", "LC_ALL": "C",
    }  # fmt: skip
    environment = {name: value for name, value in os.environ.items() if name not in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")} | own
    try:
        done = subprocess.run(
            ["git", "--no-pager", *_SAFE, *arguments], capture_output=True, timeout=SECONDS, env=environment, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except FileNotFoundError:
        raise CollectError("git is not installed") from None
    except subprocess.TimeoutExpired:
        raise Unreadable(f"git did not answer within {SECONDS} seconds") from None
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        raise Unreadable(next((line for line in lines if line.startswith("fatal:")), lines[-1] if lines else "git failed"))
    return done.stdout
