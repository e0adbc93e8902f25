"""Limits of one submission. The defaults are far above what a legitimate answer needs; `course_config.py` may change each."""

from dataclasses import asdict, dataclass, fields

HOME = "/student"  # where a notebook runs inside the wall


@dataclass(frozen=True)
class SubmissionLimits:
    """Sizes in bytes, times in seconds.

    memory_bytes: private memory of the whole process tree beyond that of the warm process.
    processes: processes of the tree at any moment; threads: threads of the tree.
    disk_bytes, files: size and number of files the submission may write (in memory, gone afterwards).
    output_chars: what one cell or one call may print. cell_seconds: wall time of one cell.
    criterion_seconds: wall time of one criterion that names no limit of its own.
    submission_seconds: wall time of everything, cpu_seconds: CPU time of the whole process tree.
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
    submission_seconds: float = 300.0
    cpu_seconds: int = 600
    message_bytes: int = 256 << 20
    message_depth: int = 20

    def to_json(self) -> dict:
        return asdict(self)

    @classmethod
    def from_json(cls, record: dict) -> "SubmissionLimits":
        """Raises ValueError for an unknown name or a value that is not a positive number."""
        known = {field.name for field in fields(cls)}
        for name, value in record.items():
            if name not in known:
                raise ValueError(f"unknown limit {name!r}; known are {', '.join(sorted(known))}")
            if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
                raise ValueError(f"limit {name} is {value!r}; a positive number is needed")
        kinds = {field.name: field.type for field in fields(cls)}
        return cls(**{name: kinds[name](value) for name, value in record.items()})
