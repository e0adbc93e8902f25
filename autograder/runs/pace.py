"""How fast a run goes: judged submissions a minute, and the time that is left at this pace."""

import time
from collections import deque
from collections.abc import Callable

WINDOW = 200  # submissions that the pace is taken from


class Pace:
    """Counts what was judged; what was passed over unchanged says nothing about the pace. `clock` in seconds."""

    def __init__(self, total: int, clock: Callable[[], float] = time.monotonic):
        self.left = total
        self._clock = clock
        self._times: deque[float] = deque(maxlen=WINDOW)

    def step(self, judged: bool) -> None:
        self.left -= 1
        if judged:
            self._times.append(self._clock())

    @property
    def per_minute(self) -> float | None:
        """None until two submissions are judged. The start-up of the graders does not count."""
        if len(self._times) < 2:
            return None
        return 60 * (len(self._times) - 1) / max(self._times[-1] - self._times[0], 1e-6)

    @property
    def seconds_left(self) -> float | None:
        return None if self.per_minute is None else 60 * self.left / self.per_minute
