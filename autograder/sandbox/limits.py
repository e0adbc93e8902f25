"""Limits of one submission. The defaults are far above what a legitimate answer needs; `course_config.py` may change each."""

import os
from dataclasses import asdict, dataclass, fields, replace
from typing import get_type_hints

SPARE_SECONDS = 30.0  # for starting and ending a process, and for cells of which only the definitions are run
MOST_STRETCH = 10.0
HOME = "/student"  # where a notebook runs inside the wall


WALL_TIMES = ("cell_seconds", "criterion_seconds", "own_cells_seconds", "answers_seconds", "judging_seconds")


def stretch() -> float:
    """How many times as long things may take now: more than once where more than two programs wait for each processor of the machine, so that nobody's answer
    is called endless because others keep the machine busy. Once, where the environment has AUTOGRADER_LIMITS=exact."""
    if os.environ.get("AUTOGRADER_LIMITS") == "exact":
        return 1.0
    try:
        waiting = os.getloadavg()[0]
    except OSError:  # not to be had here
        return 1.0
    return min(max(waiting / (2 * (os.cpu_count() or 1)), 1.0), MOST_STRETCH)


@dataclass(frozen=True)
class SubmissionLimits:
    """Sizes in bytes, times in seconds.

    memory_bytes: private memory of the whole process tree beyond that of the warm process.
    processes: processes of the tree at any moment; threads: threads of the tree.
    disk_bytes, files: size and number of files the submission may write (in memory, gone afterwards).
    output_chars: what one cell or one call may print. cell_seconds: wall time of one cell.
    criterion_seconds: wall time of one criterion that names no limit of its own.
    own_cells_seconds: wall time of the cells that the student added, all together; answers_seconds: of the answers and the course's cells; of what does not fit
    only imports, functions and classes are run. judging_seconds: wall time of all criteria.
    cpu_seconds: CPU time of the whole process tree.
    message_bytes, message_depth: size of one answer to the judge, levels of lists and dictionaries in it.
    """

    memory_bytes: int = 4 << 30
    processes: int = 64
    threads: int = 256
    disk_bytes: int = 256 << 20
    files: int = 4096
    output_chars: int = 1_000_000
    cell_seconds: float = 30.0
    criterion_seconds: float = 10.0
    own_cells_seconds: float = 60.0
    answers_seconds: float = 60.0
    judging_seconds: float = 300.0
    cpu_seconds: int = 600
    message_bytes: int = 256 << 20
    message_depth: int = 20

    @property
    def submission_seconds(self) -> float:
        """Wall time of everything, where nothing has to be run twice."""
        return self.own_cells_seconds + self.answers_seconds + self.judging_seconds

    def stretched(self, times: float) -> "SubmissionLimits":
        """The same with so many times as much wall time; CPU time and sizes stay."""
        return self if times == 1 else replace(self, **{name: times * getattr(self, name) for name in WALL_TIMES})

    def to_json(self) -> dict:
        return asdict(self)

    @classmethod
    def from_json(cls, record: dict) -> "SubmissionLimits":
        """`submission_seconds` may be named as well: it is shared out over those of its three parts that are not named.

        Raises ValueError for an unknown name or a value that is not a positive number.
        """
        known = {field.name for field in fields(cls)} | {"submission_seconds"}
        for name, value in record.items():
            if name not in known:
                raise ValueError(f"unknown limit {name!r}; known are {', '.join(sorted(known))}")
            if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
                raise ValueError(f"limit {name} is {value!r}; a positive number is needed")
        kinds = get_type_hints(cls)
        return cls(**{name: kinds[name](value) for name, value in _shared_out(record).items()})


def _shared_out(record: dict) -> dict:
    """The record with the parts of `submission_seconds` in its place, in proportion to their defaults."""
    if "submission_seconds" not in record:
        return record
    parts = ("own_cells_seconds", "answers_seconds", "judging_seconds")
    open_parts = {name: getattr(SubmissionLimits, name) for name in parts if name not in record}
    rest = record["submission_seconds"] - sum(record[name] for name in parts if name in record)
    if rest <= 0 and open_parts:
        raise ValueError(f"limit submission_seconds is {record['submission_seconds']:g}, which leaves nothing for {' and '.join(open_parts)}")
    shares = {name: rest * share / sum(open_parts.values()) for name, share in open_parts.items()}
    return {name: value for name, value in record.items() if name != "submission_seconds"} | shares
