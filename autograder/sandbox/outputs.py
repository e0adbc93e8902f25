"""What a notebook cell prints and shows, collected as nbformat outputs, with an end to it."""

import errno
import io
import signal
from typing import Any

# What the system says of a file too large, a full file system and one without room for another name.
FULL = (errno.EFBIG, errno.ENOSPC, errno.EDQUOT)


class OutputLimit(BaseException):
    """A cell wrote more than the limit. Not an Exception, so that `except Exception` in a loop does not swallow it."""


class Recorder:
    """The outputs of the current cell. `limit` is in characters, over all of the outputs of one cell or call."""

    def __init__(self, limit: int):
        self.limit = limit
        self.outputs: list[dict] = []
        self.size = 0

    def start(self) -> None:
        self.outputs, self.size = [], 0

    def stream(self, name: str, text: str) -> None:
        self.size += len(text)
        if self.size > self.limit:
            room = max(0, self.limit - (self.size - len(text)))
            self._append_text(name, text[:room])
            raise OutputLimit(f"more than {self.limit:,} characters of output")
        self._append_text(name, text)

    def _append_text(self, name: str, text: str) -> None:
        last = self.outputs[-1] if self.outputs else {}
        if last.get("output_type") == "stream" and last["name"] == name:
            last["text"].append(text)
        else:
            self.outputs.append({"output_type": "stream", "name": name, "text": [text]})

    def show(self, output_type: str, data: dict, metadata: dict, **extra: Any) -> None:
        kept = {str(mime): _clipped(value, self.limit) for mime, value in data.items() if isinstance(value, str)}
        self.size += sum(map(len, kept.values()))
        if self.size > self.limit:
            raise OutputLimit(f"more than {self.limit:,} characters of output")
        self.outputs.append({"output_type": output_type, "data": kept, "metadata": {}, **extra})

    def error(self, name: str, value: str, traceback: list[str]) -> None:
        self.outputs.append({"output_type": "error", "ename": name[:200], "evalue": value[:2000], "traceback": [line[:4000] for line in traceback[:40]]})

    def take(self) -> list[dict]:
        """The outputs of the cell, text joined."""
        taken = [{**out, "text": "".join(out["text"])} if "text" in out else out for out in self.outputs]
        self.start()
        return taken


def _clipped(value: str, limit: int) -> str:
    return value if len(value) <= limit else ""


class RecordedStream(io.TextIOBase):
    """A text stream into a recorder."""

    def __init__(self, recorder: Recorder, name: str):
        self._recorder, self._name = recorder, name

    @property
    def name(self) -> str:
        return f"<{self._name}>"

    @property
    def encoding(self) -> str:
        return "utf-8"

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return False

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._recorder.stream(self._name, str(text))
        return len(text)


class CellTimeout(BaseException):
    """The time of a cell is over."""


def raise_after(seconds: float) -> None:
    """Raises CellTimeout in the main thread after `seconds` of wall time; 0 switches it off."""

    def ring(_signal, _frame):
        raise CellTimeout(f"no end after {seconds:g} s")

    if seconds > 0:
        signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
