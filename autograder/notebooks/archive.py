"""Files in a zip archive that a student sent: bounded in size and number, and none that points elsewhere."""

import io
import stat
import zipfile
import zlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from .reader import MAX_BYTES, Unreadable, read_file

MAX_MEMBERS = 2_000
MAX_UNPACKED_BYTES = 2 * MAX_BYTES
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 1
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OverflowError, OSError, IndexError, KeyError)


@dataclass(frozen=True)
class Member:
    """One regular file of an archive; name: its path there; modified: seconds, to be compared with those of its neighbours only."""

    name: str
    modified: float
    archive: "Archive"

    def read(self) -> bytes:
        """Raises Unreadable."""
        return self.archive.read(self.name)


class Archive:
    """A zip archive, read into memory. Raises Unreadable when it is none, or larger than a hand-in can be."""

    def __init__(self, path) -> None:
        self.name = path.name
        data = read_file(path)
        if data.count(b"PK\1\2") > MAX_MEMBERS:
            raise Unreadable(f"{self.name} holds more than {MAX_MEMBERS:,} files: hand in the notebook itself")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self._infos = {_path_of(info): info for info in self._zip.infolist()[:MAX_MEMBERS] if _is_wanted(info)}
        except _DAMAGED:
            raise Unreadable(f"{self.name} is not a zip archive that can be read: hand in the notebook itself") from None
        self._left = MAX_UNPACKED_BYTES

    def members(self) -> list[Member]:
        return [Member(name, _seconds(info), self) for name, info in self._infos.items()]

    def read(self, name: str) -> bytes:
        """The bytes of a member; no more than declared limits are unpacked, whatever the archive says of itself. Raises Unreadable."""
        place = f"{name} in {self.name}"
        info = self._infos[name]
        if info.flag_bits & ENCRYPTED:
            raise Unreadable(f"{place} is protected by a password: hand in the notebook itself")
        limit = min(MAX_BYTES, self._left)
        try:
            if info.compress_type not in METHODS:
                raise NotImplementedError
            with self._zip.open(info) as file:
                data = file.read(limit + 1)
        except _DAMAGED:
            raise Unreadable(f"{place} cannot be unpacked: hand in the notebook itself") from None
        self._left -= len(data)
        if len(data) > limit:
            raise Unreadable.too_large(place, len(data))
        return data


def _path_of(info: zipfile.ZipInfo) -> str:
    return info.filename.replace("\\", "/")


def _is_wanted(info: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(_path_of(info))
    kind = stat.S_IFMT(info.external_attr >> 16)
    return not (info.is_dir() or path.is_absolute() or ".." in path.parts or ":" in path.parts[0]) and kind in (0, stat.S_IFREG)


def _seconds(info: zipfile.ZipInfo) -> float:
    try:
        return (datetime(*info.date_time) - datetime(1980, 1, 1)).total_seconds()
    except ValueError:
        return 0.0
