"""The class report: one HTML file that needs nothing beside it. Every text that comes from a submission, its folder's name included, is escaped."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

import numpy as np
import plotly.graph_objects as go
from plotly.io import to_html
from plotly.offline import get_plotlyjs

from . import class_charts as charts
from . import class_statistics as statistics
from .class_statistics import ExerciseStatistics
from .class_style import STYLE
from .class_verdicts import ClassVerdicts
from .feedback import points_words

SLOWEST, NAMES_SHOWN, LEAST_PAIR = 5, 8, 3
KEPT_WHOLE = 20  # characters
ROUGH = 30  # submissions


@dataclass
class ReportPart:
    """One assignment. waiting: students who handed in and have no verdict yet."""

    title: str
    found: ClassVerdicts
    waiting: list[str] = field(default_factory=list)


def class_report(course: str, parts: list[ReportPart]) -> str:
    """The page. Plotly's script is in it once."""
    links = "".join(f'<a href="#a{i}">{escape(part.found.assignment)}</a>' for i, part in enumerate(parts)) if len(parts) > 1 else ""
    sections = "".join(_section(i, part) for i, part in enumerate(parts))
    # Nothing may be loaded from anywhere, whatever a text in the page would like.
    policy = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{policy}">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>Class report: {escape(course)}</title><style>{STYLE}</style>'
        f"<script>{get_plotlyjs()}</script></head>\n<body><header><h1>Class report</h1><p>{escape(course)}</p><nav>{links}</nav></header>\n"
        f"<main>{_overview(parts) if len(parts) > 1 else ''}{sections}</main></body></html>\n"
    )


def _overview(parts: list[ReportPart]) -> str:
    rows = []
    for part in parts:
        percents = statistics.percents(part.found)
        alpha = _number(statistics.reliability(part.found))
        rows.append((part.found.assignment, str(len(percents)), f"{percents.mean():.0f} %", f"{np.median(percents):.0f} %", alpha))
    return f"<section><h2>Overview</h2>{_table(('assignment', 'submissions', 'mean', 'median', 'reliability α'), rows, numbers=(1, 2, 3, 4))}</section>"


def _section(index: int, part: ReportPart) -> str:
    found = part.found
    items = statistics.exercise_statistics(found)
    body = [_tiles(part), _scores(index, found)]
    if items:
        body += [_exercises(index, items, len(statistics.worked_on(found))), _outcomes(index, found), _together(index, found), _reasons(found)]
    body.append(_run(index, part))
    return f'<section id="a{index}"><h2>{escape(found.assignment)}<small>{escape(part.title)}</small></h2>{"".join(body)}</section>\n'


def _tiles(part: ReportPart) -> str:
    percents = statistics.percents(part.found)
    tiles = [
        ("submissions", str(len(percents))), ("mean", f"{percents.mean():.0f} %"), ("median", f"{np.median(percents):.0f} %"),
        ("full marks", str(int((percents >= 100 - 1e-9).sum()))), ("no points", str(int((percents == 0).sum()))),
        ("reliability α", _number(statistics.reliability(part.found))),
    ]  # fmt: skip
    return '<div class="tiles">' + "".join(f"<div><b>{value}</b><span>{name}</span></div>" for name, value in tiles) + "</div>"


def _scores(index: int, found: ClassVerdicts) -> str:
    words = "Automatic points, before late penalties and marks by hand."
    return f"<h3>Scores</h3><p>{words}</p>{_figure(charts.score_chart(statistics.percents(found)), f'scores{index}', 'Histogram of scores')}"


def _exercises(index: int, items: list[ExerciseStatistics], count: int) -> str:
    words = (
        f"From the {count} submissions in which something was attempted. Difficulty is the mean share of the points (100: everybody has it). Discrimination "
        f"is the correlation of an exercise's points with those of all the others: below {charts.WEAK:g} (hatched) it hardly tells who has learnt more; "
        "clearly below 0, look at the exercise and its grader."
    )
    if count < ROUGH:
        words += f" With fewer than {ROUGH} submissions correlations are rough."
    rows = [
        (s.name, points_words(s.max_points), f"{100 * s.difficulty:.0f} %", _number(s.discrimination), str(s.full), str(s.none), str(s.idle), _remark(s, count))
        for s in items
    ]
    head = ("exercise", "points", "mean", "discrimination", "full", "none", "not attempted", "")
    figure = _figure(charts.exercise_chart(items), f"exercises{index}", "Difficulty and discrimination of each exercise")
    return f"<h3>Exercises</h3><p>{words}</p>{figure}{_table(head, rows, numbers=(1, 2, 3, 4, 5, 6))}"


def _remark(item: ExerciseStatistics, count: int) -> str:
    """Below zero by more than chance (one in twenty) is a finding; with few submissions a small minus is none."""
    if item.discrimination is not None and item.discrimination < -1.64 / np.sqrt(count):
        return "the better lose here: look at the grader"
    if item.difficulty >= 0.95:
        return "nearly everybody has it"
    if item.difficulty <= 0.25:
        return "hard for nearly everybody"
    return "tells little apart" if item.discrimination is not None and item.discrimination < charts.WEAK else ""


def _outcomes(index: int, found: ClassVerdicts) -> str:
    words = "Of all submissions; an exercise counts by the first of its criteria that does not hold."
    return f"<h3>How exercises came out</h3><p>{words}</p>" + _figure(
        charts.outcome_chart(statistics.reasons_by_exercise(found)), f"outcomes{index}", "Outcomes of each exercise"
    )


def _together(index: int, found: ClassVerdicts) -> str:
    together = statistics.failing_together(found)
    if len(together.keys) < 2:
        return "<h3>Criteria that fail together</h3><p>Fewer than two criteria fail.</p>"
    words = (
        f"The {len(together.keys)} criteria that fail most often. A cell is the share that fails both of those that fail either: dark cells far from the "
        "diagonal are one mistake that costs points in two places."
    )
    figure = _figure(charts.together_chart(together), f"together{index}", "Which criteria fail together")
    pairs = together.pairs(8, LEAST_PAIR)
    rows = [(f"{a[0]}: {a[1]}", f"{b[0]}: {b[1]}", str(both), f"{100 * share:.0f} %") for b, a, both, share in pairs]
    table = f"<h4>Closest pairs across exercises</h4>{_table(('this fails', 'with this', 'both', 'of either'), rows, numbers=(2, 3))}" if rows else ""
    return f"<h3>Criteria that fail together</h3><p>{words}</p>{figure}{table}"


def _reasons(found: ClassVerdicts) -> str:
    rows = [(str(r.count), f"{r.exercise}: {r.criterion}", r.reason, r.message) for r in statistics.wrong_reasons(found)]
    if not rows:
        return "<h3>Most frequent mistakes</h3><p>None.</p>"
    table = _table(("count", "criterion", "reason", "what was told most often"), rows, numbers=(0,))
    return f"<h3>Most frequent mistakes</h3>{table}"


def _run(index: int, part: ReportPart) -> str:
    found = part.found
    seconds = np.array([verdict.seconds for verdict in found.verdicts.values()])
    words = (
        f"Judging took {_duration(seconds.sum())} in all, with one grader at work: {np.median(seconds):.2f} s for half of the submissions or less, "
        f"{np.quantile(seconds, 0.95):.2f} s for 95 in 100."
    )
    figure = _figure(charts.time_chart(seconds), f"time{index}", "Time of judging")
    slow = sorted(found.verdicts.items(), key=lambda item: -item[1].seconds)[:SLOWEST]
    parts = [f"<h3>The run</h3><p>{words}</p>{figure}<h4>Slowest</h4>"]
    parts.append(_table(("student", "seconds", "points"), [(s, f"{v.seconds:.2f}", points_words(v.points)) for s, v in slow], numbers=(1, 2)))
    rows = [(reason, str(len(students)), _names(students), _names(_exercises_of(students))) for reason, students in statistics.stopped(found).items()]
    parts.append("<h4>Stopped or not run</h4>")
    parts.append(_table(("reason", "submissions", "students", "exercises"), rows, numbers=(1,)) if rows else "<p>Nothing was stopped.</p>")
    bare = [student for student, verdict in found.verdicts.items() if verdict.sandbox and "bwrap" not in verdict.sandbox]
    for head, names in (("Graded without a sandbox", bare), ("Handed in, no verdict yet", part.waiting), ("Files that hold no verdict", found.broken)):
        if names:
            parts.append(f"<h4>{head}</h4><p>{len(names)}: {escape(_names(names))}</p>")
    return "".join(parts)


def _exercises_of(students: dict[str, list[str]]) -> list[str]:
    return list(dict.fromkeys(name for names in students.values() for name in names))


def _names(names: Iterable[str]) -> str:
    names = list(names)
    more = f" and {len(names) - NAMES_SHOWN} more" if len(names) > NAMES_SHOWN else ""
    return ", ".join(names[:NAMES_SHOWN]) + more


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}".replace("-", "−")


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]], numbers: tuple[int, ...] = ()) -> str:
    """Every cell is escaped; short ones are not broken."""

    def cell(tag: str, i: int, text: str) -> str:
        kind = ' class="n"' if i in numbers else ' class="k"' if len(text) <= KEPT_WHOLE else ""
        return f"<{tag}{kind}>{escape(text)}</{tag}>"

    lines = ["<tr>" + "".join(cell("td", i, text) for i, text in enumerate(row)) + "</tr>" for row in rows]
    return f"<table><thead><tr>{''.join(cell('th', i, text) for i, text in enumerate(head))}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def _figure(figure: go.Figure, name: str, label: str) -> str:
    config = {"displayModeBar": False, "responsive": True}
    html = to_html(figure, config=config, include_plotlyjs=False, full_html=False, div_id=name, default_height=figure.layout.height)
    return f'<figure role="img" aria-label="{escape(label)}">{html}</figure>'
