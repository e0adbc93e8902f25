"""Laying files into a folder, again and again, without ever replacing what somebody has changed there.

The folder's manifest holds the hash of each file as it was handed out last. A file that still has it is replaced by a newer version. Any other stays as it is,
and the new version is put beside it. The manifest is written first, empty, and last: a run that was stopped is gone on with by the next.
"""

import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from ..errors import HandoutError

MANIFEST = ".handout.json"
_OTHER = "neither a file nor absent"


@dataclass
class Manifest:
    """files: hashes of what was handed out, by path; beside: of new versions that were put beside changed files."""

    course: str
    files: dict[str, str] = field(default_factory=dict)
    beside: dict[str, str] = field(default_factory=dict)

    def text(self) -> bytes:
        return (json.dumps({"course": self.course, "files": self.files, "beside": self.beside}, indent=1, sort_keys=True) + "\n").encode()

    @classmethod
    def parse(cls, text: bytes) -> "Manifest":
        """Raises ValueError."""
        document = json.loads(text)
        if not isinstance(document, dict) or not isinstance(document.get("course"), str):
            raise ValueError
        for hashes in (document.get("files"), document.get("beside")):
            if not isinstance(hashes, dict) or not all(_is_inside(path) and isinstance(value, str) for path, value in hashes.items()):
                raise ValueError
        return cls(document["course"], document["files"], document["beside"])

    def handed_out(self, names: list[str]) -> list[str]:
        """Which of these assignments it holds."""
        folders = {path.partition("/")[0] for path in self.files if "/" in path}
        return [name for name in names if name in folders]


@dataclass(frozen=True)
class Change:
    """What became of a file. what: "new", "changed", "unchanged", "gone" (removed), or, since somebody changed it here, which stays: "beside" (the new version
    is `beside`), "named" (that one was changed, too, or is no file), "kept" (the course's is as before), "left" (the course has it no more)."""

    path: str
    what: str
    beside: str = ""


def open_target(target: Path, course: str) -> Manifest | None:
    """The manifest of an earlier hand-out, None for a folder that is empty or not there. Raises HandoutError for any other. Writes nothing."""
    if target.is_symlink() and not target.exists():
        raise HandoutError(f"{target} is a link to nowhere")
    if not target.exists():
        parent = next(folder for folder in target.absolute().parents if folder.exists())
        if not parent.is_dir() or not os.access(parent, os.W_OK | os.X_OK):
            raise HandoutError(f"cannot write {target}: {'Permission denied' if parent.is_dir() else f'{parent} is no folder'}")
        return None
    if not target.is_dir():
        raise HandoutError(f"{target} is a file: name a folder, or a .zip that is not there yet")
    try:
        others = [path.name for path in target.iterdir() if path.name != ".git"]
        manifest = target / MANIFEST
        if not os.access(target, os.W_OK | os.X_OK):
            raise HandoutError(f"cannot write {target}: Permission denied")
        if not others:
            return None
        if not manifest.is_file():
            raise HandoutError(f"{target} holds files that no hand-out made ({sorted(others)[0]}, for instance): name an empty folder or a new one")
        found = Manifest.parse(manifest.read_bytes())
    except OSError as error:
        raise HandoutError(f"cannot read {target}: {error.strerror}") from None
    except ValueError:
        raise HandoutError(f"{target / MANIFEST} cannot be read, so nobody knows what was changed there: name another folder") from None
    if found.course != course:
        raise HandoutError(f"{target} holds the hand-out of another course, {found.course!r}: name another folder")
    return found


def lay_out(target: Path, manifest: Manifest, files: dict[str, bytes], names: list[str]) -> list[Change]:
    """Lays `files` out, those of the assignments `names` and what all share, and brings the manifest up to date. Raises HandoutError."""
    ours = {path for path in manifest.files if "/" not in path or path.startswith(".") or path.partition("/")[0] in names}
    try:
        for path in [*files, *ours]:
            _check_folders(target, path)
        target.mkdir(parents=True, exist_ok=True)
        if not (target / MANIFEST).exists():
            _write(target / MANIFEST, manifest.text())
        changes = [_lay(target, manifest, path, content) for path, content in files.items()]
        changes += [_take_away(target, manifest, path) for path in sorted(ours - files.keys())]
        if (target / MANIFEST).read_bytes() != manifest.text():
            _write(target / MANIFEST, manifest.text())
    except OSError as error:
        raise HandoutError(f"cannot write {error.filename or target}: {error.strerror}; run the command again when it can be") from None
    return changes


def hash_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def hash_there(path: Path) -> str:
    """Of what lies there; "" for nothing."""
    if path.is_symlink() or (path.exists() and not path.is_file()):
        return _OTHER
    return hash_of(path.read_bytes()) if path.exists() else ""


def _lay(target: Path, manifest: Manifest, path: str, content: bytes) -> Change:
    place, new, before = target / path, hash_of(content), manifest.files.get(path)
    there = hash_there(place)
    manifest.files[path] = new
    if there == new:
        return Change(path, "unchanged")
    if there in ("", before):
        _write(place, content)
        return Change(path, "changed" if there else "new")
    if before == new:
        return Change(path, "kept")
    beside = str(PurePosixPath(path).with_suffix(f".new{place.suffix}"))
    lies = hash_there(target / beside)
    if lies not in ("", new, manifest.beside.get(beside)):
        manifest.files[path] = before or ""  # the next run tries again
        return Change(path, "named", beside)
    if lies != new:
        _write(target / beside, content)
    manifest.beside[beside] = new
    return Change(path, "beside", beside)


def _take_away(target: Path, manifest: Manifest, path: str) -> Change:
    before = manifest.files.pop(path)
    there = hash_there(target / path)
    if there == before:
        (target / path).unlink()
    return Change(path, "gone" if there in ("", before) else "left")


def _check_folders(target: Path, path: str) -> None:
    """Nothing is written through a link, out of the folder."""
    for folder in (target / parent for parent in PurePosixPath(path).parents if str(parent) != "."):
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            raise HandoutError(f"{folder} is {'a link' if folder.is_symlink() else 'a file'}, where the hand-out needs a folder; nothing was written")


def _write(place: Path, content: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(f".{place.name}.part")
    try:
        part.write_bytes(content)
        part.replace(place)
    finally:
        part.unlink(missing_ok=True)


def _is_inside(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return bool(parts) and not path.startswith("/") and "\\" not in path and ".." not in parts and parts[0] != ".git"
