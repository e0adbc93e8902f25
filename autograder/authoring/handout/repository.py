"""A hand-out as a commit: only files of the hand-out go into it, as they were handed out, whatever else lies or is staged there."""

import os
import subprocess
from pathlib import Path

from ..errors import HandoutError
from .target import MANIFEST, Manifest, hash_there

_REPOSITORY = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY")


class GitError(HandoutError):
    """git could not; the sentence ends with what it said."""


def is_repository(target: Path) -> bool:
    """Whether the folder is the top of a repository of its own."""
    return (target / ".git").exists()


def check_identity(folder: Path) -> None:
    """A commit needs a name. Raises HandoutError."""
    try:
        for ident in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"):
            _git(folder, "var", ident)
    except GitError:
        raise HandoutError("git does not know who commits: git config --global user.name NAME, and user.email ADDRESS") from None


def make_repository(target: Path, branch: str) -> None:
    """Makes the folder a repository if it is none."""
    if not is_repository(target):
        target.mkdir(parents=True, exist_ok=True)
        _git(target, "init", "--quiet", f"--initial-branch={branch}")


def current_branch(target: Path) -> str:
    """The name of the branch that a commit goes to; "" for none."""
    try:
        return _git(target, "symbolic-ref", "--short", "HEAD").strip()
    except GitError:
        return ""


def commit(target: Path, message: str) -> str:
    """Commits what was handed out and nobody changed, and takes out what is handed out no more. Returns the commit, "" where nothing has changed."""
    manifest = Manifest.parse((target / MANIFEST).read_bytes())
    same = [path for path, known in manifest.files.items() if known and hash_there(target / path) == known]
    gone = [path for path in _committed(target).files if path not in manifest.files and not (target / path).exists()]
    tracked = set(_git(target, "ls-files", "-z").split("\0"))
    paths = [*same, MANIFEST, *(path for path in gone if path in tracked)]
    _git(target, "add", "--force", "--", *(path for path in paths if (target / path).exists()))
    if _git(target, "status", "--porcelain", "--", *paths).strip() == "":
        return ""
    _git(target, "commit", "--quiet", f"--message={message}", "--", *paths)
    return _git(target, "rev-parse", "--short", "HEAD").strip()


def _committed(target: Path) -> Manifest:
    """The manifest of the last commit: a run may have been stopped since."""
    try:
        return Manifest.parse(_git(target, "show", f"HEAD:{MANIFEST}").encode())
    except (GitError, ValueError):
        return Manifest("")


def _git(folder: Path, *arguments: str) -> str:
    environment = {name: value for name, value in os.environ.items() if name not in _REPOSITORY}
    command = ["git", "-C", str(folder), "--literal-pathspecs", *arguments]
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8", errors="surrogateescape", stdin=subprocess.DEVNULL)
    except OSError as error:
        raise HandoutError(f"git cannot be run: {error.strerror}") from None
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip() or "nothing").splitlines()[-1]
        raise GitError(f"git {arguments[0]} in {folder} failed: {said}")
    return done.stdout
