"""What a notebook cell prints and shows, collected as nbformat outputs, with an end to it."""

import base64
import contextlib
import errno
import io
import signal
from collections.abc import Iterator
from typing import Any

# What the system says of a file too large, a full file system and one without room for another name.
FULL = (errno.EFBIG, errno.ENOSPC, errno.EDQUOT)


class OutputLimit(BaseException):
    """A cell wrote more than the limit. Not an Exception, so that `except Exception` in a loop does not swallow it."""


PICTURES = ("image/png", "image/jpeg")
MAX_PICTURES = 20  # that one cell shows in the end
MAX_DRAWN = 200  # that one cell draws, those included that it clears away again
PICTURE_CHARS = 2 << 20  # of one picture, base64
NOTEBOOK_PICTURE_CHARS = 12 << 20  # of all pictures of a notebook


class Recorder:
    """The outputs of the current cell. `limit` is in characters, over all of the text of one cell or call. Pictures have a limit of their own, beyond
    which they are left out: `pictures` in characters for the notebook, 0 where nobody sees them."""

    def __init__(self, limit: int, pictures: int = 0):
        self.limit, self.pictures = limit, pictures
        self.start()

    def start(self) -> None:
        self.outputs: list[dict] = []
        self.size = self.drawn = 0
        self._by_id: dict[str, dict] = {}
        self._to_be_cleared = self._is_muted = False

    def clear(self, wait: bool = False) -> None:
        """As IPython.display.clear_output: at once, or before the next output."""
        self._to_be_cleared = wait
        if not wait:
            self.outputs, self._by_id, self.size = [], {}, 0

    @contextlib.contextmanager
    def muted(self) -> Iterator[None]:
        """Inside, nothing is recorded."""
        self._is_muted = True
        try:
            yield
        finally:
            self._is_muted = False

    def takes_pictures(self) -> bool:
        """Whether one more is worth drawing. Counts it."""
        self.drawn += 1
        return not self._is_muted and self.pictures > 0 and self.drawn <= MAX_DRAWN and self._has_room()

    def _has_room(self) -> bool:
        return self._to_be_cleared or sum(not output.get("data", {}).keys().isdisjoint(PICTURES) for output in self.outputs) < MAX_PICTURES

    def stream(self, name: str, text: str) -> None:
        if self._is_muted:
            return
        self._before_output()
        self.size += len(text)
        if self.size > self.limit:
            room = max(0, self.limit - (self.size - len(text)))
            self._append_text(name, text[:room])
            raise OutputLimit(f"more than {self.limit:,} characters of output")
        self._append_text(name, text)

    def _before_output(self) -> None:
        if self._to_be_cleared:
            self.clear()

    def _append_text(self, name: str, text: str) -> None:
        last = self.outputs[-1] if self.outputs else {}
        if last.get("output_type") == "stream" and last["name"] == name:
            last["text"].append(text)
        else:
            self.outputs.append({"output_type": "stream", "name": name, "text": [text]})

    def show(self, output_type: str, data: dict, *, display_id: object = None, update: bool = False, **extra: Any) -> None:
        """Keeps plain text and pictures; what else there is would not be shown to anybody. Updates the output of that display_id, if asked to."""
        if self._is_muted:
            return
        earlier = self._by_id.get(str(display_id)) if display_id is not None else None
        if update and earlier is None:
            return
        if not update:
            self._before_output()
        text = data.get("text/plain")
        kept = {"text/plain": _clipped(text, self.limit)} if isinstance(text, str) else {}
        self.size += sum(map(len, kept.values()))
        if self.size > self.limit:
            raise OutputLimit(f"more than {self.limit:,} characters of output")
        kept |= self._pictures_of(data)
        if earlier is not None and update:
            earlier["data"] = kept
            return
        output = {"output_type": output_type, "data": kept, "metadata": {}, **extra}
        self.outputs.append(output)
        if display_id is not None:
            self._by_id[str(display_id)] = output

    def _pictures_of(self, data: dict) -> dict[str, str]:
        """The picture among `data`, as base64, if there is one and room for it."""
        if not self._has_room():
            return {}
        for mime in PICTURES:
            value = data.get(mime)
            value = base64.b64encode(value).decode() if isinstance(value, bytes) and len(value) < PICTURE_CHARS else value
            if isinstance(value, str) and 0 < len(value) <= min(PICTURE_CHARS, self.pictures):
                return {mime: value}
        return {}

    def error(self, name: str, value: str, traceback: list[str]) -> None:
        self._before_output()
        self.outputs.append({"output_type": "error", "ename": name[:200], "evalue": value[:2000], "traceback": [line[:4000] for line in traceback[:40]]})

    def take(self) -> list[dict]:
        """The outputs of the cell, text joined."""
        taken = [{**out, "text": "".join(out["text"])} if "text" in out else out for out in self.outputs]
        self.pictures -= sum(len(value) for out in taken for mime, value in out.get("data", {}).items() if mime in PICTURES)
        self.start()
        return taken


def _clipped(value: str, limit: int) -> str:
    return value if len(value) <= limit else ""


class RecordedStream(io.TextIOBase):
    """A text stream into a recorder."""

    encoding = "utf-8"

    def __init__(self, recorder: Recorder, name: str):
        self._recorder, self._name = recorder, name

    @property
    def name(self) -> str:
        return f"<{self._name}>"

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
