"""How much Python runs in a call: lines, calls and jumps back, wherever the code lies. A loop over a batch shows as steps that grow with the batch, also
where it runs no tensor operation: a loop over rows of NumPy, a comprehension, a function given to `map` or `numpy.vectorize`.

Kept in the student's own process like the record of operations, so no wall either: what is known to switch it off is noticed. A
thread that starts meanwhile is noticed where its steps could not be counted.
"""

import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

EVADED = -1  # in place of a number of steps

# Taken now, before any student code runs: what a student patches later is not used here.
_settrace, _gettrace = sys.settrace, sys.gettrace
_MONITORING: Any = getattr(sys, "monitoring", None)  # from Python 3.12 on
_SWITCHES = ("set_events", "set_local_events", "register_callback", "free_tool_id", "clear_tool_id", "restart_events")
_monitor = {name: getattr(_MONITORING, name) for name in (*_SWITCHES, "get_tool", "use_tool_id", "get_events") if hasattr(_MONITORING, name)}
_AUDITED = ("sys.settrace", "sys.monitoring.register_callback")
_TOOL, _TOOL_NAME = 4, "autograder"

_counting = _touched = False


def install() -> None:
    """Notices from now on, while steps are counted, who switches that off. Once a process; the hook of the interpreter stays."""
    sys.addaudithook(_notice)
    for name in _SWITCHES:
        if name in _monitor:
            setattr(_MONITORING, name, _noticed(_monitor[name]))


def _notice(event: str, _args: tuple) -> None:
    global _touched
    if event in _AUDITED and _counting:
        _touched = True


def _noticed(switch: Callable) -> Callable:
    def noticed(*args: Any) -> Any:
        global _touched
        _touched = _touched or _counting
        return switch(*args)

    return noticed


def thread_starts() -> None:
    """Tracing is of one thread: what another does would not be counted. Monitoring is of all."""
    global _touched
    _touched = _touched or (_counting and _MONITORING is None)


def counted(call: Callable[[], Any]) -> tuple[Any, int]:
    """What call() gives, and the number of steps it took; EVADED where something kept steps from being counted."""
    global _counting, _touched
    count = Counter({"calls": 0, "returns": 0, "steps": 0})
    start, stop, is_on = _by_monitoring(count) if _MONITORING is not None else _by_tracing(count)
    start()
    _counting, _touched = True, False
    try:
        result = call()
        steps = count["steps"]
        _loop()
        evaded = not is_on() or count["steps"] < steps + _TURNS
    finally:
        _counting = False
        stop()
    return result, EVADED if evaded or _touched else steps


_TURNS = 10


def _loop() -> None:
    """A few steps that must be seen."""
    for _ in range(_TURNS):
        pass


def _by_tracing(count: Counter) -> tuple[Callable, Callable, Callable]:
    def trace(_frame: Any, event: str, _argument: Any) -> Callable:
        count["steps"] += event in ("line", "call")
        count["calls"] += event == "call"
        count["returns"] += event == "return"
        return trace

    before = _gettrace()

    def is_on() -> bool:
        # Each call that was seen has returned but the one at hand; a frame that was switched off does not say when it ends.
        return _gettrace() is trace and count["calls"] - count["returns"] == 1

    return lambda: _settrace(trace), lambda: _settrace(before), is_on


def _by_monitoring(count: Counter) -> tuple[Callable, Callable, Callable]:
    events = _MONITORING.events
    wanted = [getattr(events, name) for name in ("LINE", "JUMP", "PY_START", "PY_RESUME")]

    def seen(*_args: Any) -> None:
        count["steps"] += 1

    def start() -> None:
        if _monitor["get_tool"](_TOOL) is not None:  # left by an earlier call
            _monitor["free_tool_id"](_TOOL)
        _monitor["use_tool_id"](_TOOL, _TOOL_NAME)
        for event in wanted:
            _monitor["register_callback"](_TOOL, event, seen)
        _monitor["set_events"](_TOOL, sum(wanted))

    def stop() -> None:
        _monitor["set_events"](_TOOL, 0)
        _monitor["free_tool_id"](_TOOL)

    def is_on() -> bool:
        return _monitor["get_tool"](_TOOL) == _TOOL_NAME and _monitor["get_events"](_TOOL) == sum(wanted)

    return start, stop, is_on
