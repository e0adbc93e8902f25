"""The long table: one row a student, assignment, exercise and criterion, from the stored verdicts; for pandas, R or a spreadsheet."""

from collections.abc import Iterable, Iterator
from typing import Any

from .class_verdicts import ClassVerdicts
from .safe_csv import csv_text

# Columns and their types in Parquet. Seconds are wall time; points are the criterion's share of the exercise's.
COLUMNS = {
    "assignment": "string", "student": "string", "exercise": "string", "criterion": "string", "weight": "float64", "points": "float64",
    "max_points": "float64", "passed": "bool", "reason": "string", "message": "string", "hint": "string", "seconds": "float64", "sandbox": "string",
}  # fmt: skip


def criteria_rows(classes: Iterable[ClassVerdicts]) -> Iterator[dict[str, Any]]:
    """Rows in the order of assignment, student and notebook."""
    for found in classes:
        for student, verdict in found.verdicts.items():
            for exercise in verdict.exercises:
                total = sum(criterion.weight for criterion in exercise.criteria)
                for criterion in exercise.criteria:
                    most = exercise.max_points * criterion.weight / total
                    yield {
                        "assignment": found.assignment, "student": student, "exercise": exercise.name, "criterion": criterion.title,
                        "weight": criterion.weight, "points": most if criterion.passed else 0.0, "max_points": most, "passed": criterion.passed,
                        "reason": criterion.reason, "message": criterion.message, "hint": criterion.hint, "seconds": criterion.seconds,
                        "sandbox": " ".join(verdict.sandbox),
                    }  # fmt: skip


def criteria_csv(classes: Iterable[ClassVerdicts]) -> str:
    """The table as CSV, safe to open in a spreadsheet."""
    return csv_text(tuple(COLUMNS), [tuple(row.values()) for row in criteria_rows(classes)])


def criteria_parquet(classes: Iterable[ClassVerdicts]) -> bytes:
    """The table as a Parquet file; texts are as they are in the verdicts."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {"string": pa.string(), "float64": pa.float64(), "bool": pa.bool_()}
    schema = pa.schema([(name, types[kind]) for name, kind in COLUMNS.items()])
    rows = [{name: _text(value) for name, value in row.items()} for row in criteria_rows(classes)]
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(rows, schema), sink, compression="zstd")
    return sink.getvalue().to_pybytes()


def _text(value: Any) -> Any:
    """JSON may hold halves of surrogate pairs, which UTF-8 cannot."""
    return value.encode(errors="replace").decode() if isinstance(value, str) else value
