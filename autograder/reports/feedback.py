"""The table at a graded cell in nbgrader's feedback. Everything that comes from a submission is escaped."""

from html import escape

from ..judge.verdict import CriterionResult, ExerciseResult

_STYLE = (
    "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans CJK SC',sans-serif;font-size:13px;line-height:1.45;color:#1f2937;"
    "border:1px solid #d9dee5;border-radius:8px;overflow:hidden;max-width:860px;margin:4px 0"
)
_GOOD, _BAD, _IDLE = "#15803d", "#b91c1c", "#6b7280"


def points_words(points: float) -> str:
    """12, 7.5, 3.33: at most two decimals."""
    return f"{points:.2f}".rstrip("0").rstrip(".")


def exercise_html(exercise: ExerciseResult) -> str:
    """A table of criteria with mark, words and hint."""
    share = exercise.points / exercise.max_points if exercise.max_points else 0.0
    colour = _GOOD if share == 1 else _IDLE if _is_idle(exercise) else _BAD if share == 0 else "#b45309"
    head = (
        f'<div style="display:flex;justify-content:space-between;align-items:center;padding:8px 12px;background:#f6f8fa;border-bottom:1px solid #d9dee5">'
        f'<span style="font-weight:600;font-family:ui-monospace,Menlo,Consolas,monospace">{escape(exercise.name)}</span>'
        f'<span style="font-weight:600;color:{colour}">{points_words(exercise.points)} of {points_words(exercise.max_points)} points</span></div>'
        f'<div style="height:4px;background:#e5e7eb"><div style="height:4px;width:{100 * share:.1f}%;background:{colour}"></div></div>'
    )
    rows = "".join(_row(criterion, exercise.points_of(criterion)) for criterion in exercise.criteria)
    table = f'<table style="width:100%;border-collapse:collapse;border:0;margin:0;font-size:13px"><tbody>{rows}</tbody></table>'
    return f'<div style="{_STYLE}">{head}{table}</div>'


def _row(criterion: CriterionResult, points: float) -> str:
    """One criterion with what it is worth. One that follows from another says so in its line, without further words."""
    idle = criterion.reason == "not attempted"
    mark, colour = ("✓", _GOOD) if criterion.passed else ("–", _IDLE) if idle else ("✗", _BAD)
    words, title = "", escape(criterion.title)
    if criterion.because:
        title = f'<span style="color:{_IDLE}">{title}: {escape(criterion.message)}</span>'
    elif not criterion.passed:
        words = f'<div style="color:#374151;margin-top:2px">{escape(criterion.message)}</div>'
        if criterion.hint:
            words += f'<div style="color:#92400e;margin-top:2px">Hint: {escape(criterion.hint)}</div>'
    reason = "" if criterion.passed or criterion.because else f'<div style="color:{colour};font-size:12px">{escape(criterion.reason)}</div>'
    earned = f"{points_words(points if criterion.passed else 0)} of {points_words(points)}"
    cell = "border:0;border-top:1px solid #eef1f4;padding:6px 12px;vertical-align:top;text-align:left;background:#fff;white-space:normal"
    return (
        f'<tr><td style="{cell};width:24px;color:{colour};font-weight:700">{mark}</td>'
        f'<td style="{cell}">{title}{words}</td>'
        f'<td style="{cell};width:130px;text-align:right;white-space:nowrap">{earned}{reason}</td></tr>'
    )


def _is_idle(exercise: ExerciseResult) -> bool:
    return all(criterion.reason == "not attempted" for criterion in exercise.criteria)


def notes_html(notes: list[str]) -> str:
    """What was repaired or could not be read, above the notebook."""
    items = "".join(f"<li>{escape(note)}</li>" for note in notes)
    return f'<div style="{_STYLE};padding:8px 12px;background:#fffbeb"><b>About this notebook</b><ul style="margin:4px 0 0 18px">{items}</ul></div>'
