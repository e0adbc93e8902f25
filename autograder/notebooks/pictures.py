"""Which pictures of a submission are kept: of the formats that every browser shows and none executes, of bounded size and number."""

import base64
import binascii
import struct
from typing import Any

SIGNATURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
MAX_CHARS = 4 << 20  # of one picture, base64
MAX_PIXELS = 16 << 20  # of a PNG, which may hold far more than its length tells
OUTPUT_CHARS, OUTPUT_COUNT = 16 << 20, 100  # of all pictures that the cells of a notebook show


def is_picture(mime: str, value: Any) -> bool:
    """Whether a value is base64 of what its type says."""
    if mime not in SIGNATURES or not isinstance(value, str) or len(value) > MAX_CHARS:
        return False
    try:
        data = base64.b64decode(value.replace("\n", ""), validate=True)
    except (binascii.Error, ValueError):
        return False
    if not data.startswith(SIGNATURES[mime]):
        return False
    if mime == "image/png":
        if len(data) < 24:
            return False
        width, height = struct.unpack(">II", data[16:24])
        return 0 < width * height <= MAX_PIXELS
    return True


class PictureRoom:
    """Room for the pictures that the cells of one notebook show; what does not fit is taken out, its text stays."""

    def __init__(self) -> None:
        self.chars, self.count = OUTPUT_CHARS, OUTPUT_COUNT

    def fit(self, outputs: list[dict[str, Any]]) -> None:
        """Takes pictures out of `outputs` that are none, or too many."""
        for output in outputs:
            data = output.get("data")
            if not isinstance(data, dict):
                continue
            for mime in [mime for mime in data if str(mime).startswith("image/")]:
                if self.count > 0 and is_picture(mime, data[mime]) and len(data[mime]) <= self.chars:
                    self.count, self.chars = self.count - 1, self.chars - len(data[mime])
                else:
                    del data[mime]
