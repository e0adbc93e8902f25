"""What the class report says of one assignment beside its mistakes: scores, exercises, what fails together, the run."""

import numpy as np

from . import class_charts as charts
from . import class_statistics as statistics
from .class_statistics import ExerciseStatistics
from .class_verdicts import ClassVerdicts
from .feedback import points_words
from .page_pieces import Markup, People, decimal, duration, table

SLOWEST, PAIRS, LEAST_PAIR = 5, 8, 3
ROUGH = 30  # submissions
BETTER_LOSE = "the better students lose here: look at the exercise and its grader"


def details(found: ClassVerdicts, items: list[ExerciseStatistics], waiting: list[str], people: People) -> str:
    """The inside of one assignment's section. items: the statistics of its exercises."""
    body = [_tiles(found), "<h4>Scores</h4>", charts.histogram(statistics.percents(found))]
    if items:
        body += [_exercises(found, items), _together(found)]
    return "".join([*body, _run(found, waiting, people)])


def _tiles(found: ClassVerdicts) -> str:
    percents = statistics.percents(found)
    tiles = [
        ("submissions", str(len(percents))), ("mean", f"{percents.mean():.0f} %"), ("median", f"{np.median(percents):.0f} %"),
        ("full marks", str(int((percents >= 100 - 1e-9).sum()))), ("no points", str(int((percents == 0).sum()))),
        ("reliability α", decimal(statistics.reliability(found))),
    ]  # fmt: skip
    return '<div class="tiles">' + "".join(f"<div><b>{value}</b><span>{name}</span></div>" for name, value in tiles) + "</div>"


def _exercises(found: ClassVerdicts, items: list[ExerciseStatistics]) -> str:
    count = len(statistics.worked_on(found))
    words = (
        f"From the {count} submissions in which something was attempted; the coloured bar is of all. Mean is the mean share of the points. Discrimination "
        f"is the correlation of an exercise's points with those of all the others: below {charts.WEAK:g} it hardly tells who has learnt more; clearly below "
        "0, look at the exercise and its grader."
    )
    if count < ROUGH:
        words += f" With fewer than {ROUGH} submissions correlations are rough."
    reasons = statistics.reasons_by_exercise(found)
    rows = [
        (s.name, points_words(s.max_points), f"{100 * s.difficulty:.0f} %", Markup(charts.outcome_bar(reasons[s.name])), decimal(s.discrimination), str(s.full),
         str(s.none), str(s.idle), remark(s, count))
        for s in items
    ]  # fmt: skip
    head = ("exercise", "points", "mean", "how it came out", "discrimination", "full", "none", "not attempted", "")
    return f"<h4>Exercises</h4><p>{words}</p>{charts.outcome_legend()}{table(head, rows, numbers=(1, 2, 4, 5, 6, 7))}"


def remark(item: ExerciseStatistics, count: int) -> str:
    """Below zero by more than chance (one in twenty) is a finding; with few submissions a small minus is none."""
    if item.discrimination is not None and item.discrimination < -1.64 / np.sqrt(count):
        return BETTER_LOSE
    if item.difficulty >= 0.95:
        return "nearly everybody has it"
    if item.difficulty <= 0.25:
        return "hard for nearly everybody"
    return "tells little apart" if item.discrimination is not None and item.discrimination < charts.WEAK else ""


def _together(found: ClassVerdicts) -> str:
    """Pairs of criteria from different exercises: often one mistake that costs points in two places."""
    pairs = statistics.failing_together(found).pairs(PAIRS, LEAST_PAIR)
    if not pairs:
        return ""
    rows = [(f"{a[0]}: {a[1]}", f"{b[0]}: {b[1]}", str(both), f"{100 * share:.0f} %") for b, a, both, share in pairs]
    words = (
        "The closest pairs across exercises; of those who fail either, the share that fails both. A high one is often one mistake that costs points in two "
        "places."
    )
    return f"<h4>Criteria that fail together</h4><p>{words}</p>{table(('this fails', 'with this', 'both', 'of either'), rows, numbers=(2, 3))}"


def _run(found: ClassVerdicts, waiting: list[str], people: People) -> str:
    seconds = np.array([verdict.seconds for verdict in found.verdicts.values()])
    words = (
        f"Judging took {duration(seconds.sum())} in all, with one grader at work: {np.median(seconds):.2f} s for half of the submissions or less, "
        f"{np.quantile(seconds, 0.95):.2f} s for 95 in 100."
    )
    slow = sorted(found.verdicts.items(), key=lambda item: -item[1].seconds)[:SLOWEST]
    parts = [f"<h4>The run</h4><p>{words}</p>"]
    parts.append(table(("slowest", "seconds", "points"), [(people.label(s), f"{v.seconds:.2f}", points_words(v.points)) for s, v in slow], numbers=(1, 2)))
    rows = [
        (reason, str(len(students)), Markup(people.folded(list(students))), ", ".join(dict.fromkeys(name for names in students.values() for name in names)))
        for reason, students in statistics.stopped(found).items()
    ]
    if rows:
        parts += ["<h4>Stopped or not run</h4>", table(("reason", "submissions", "students", "exercises"), rows, numbers=(1,))]
    bare = [student for student, verdict in found.verdicts.items() if verdict.sandbox and "bwrap" not in verdict.sandbox]
    for head, names in (("Graded without a sandbox", bare), ("Handed in, no verdict yet", waiting)):
        if names:
            parts.append(f"<h4>{head}: {len(names)}</h4>{people.folded(names)}")
    if found.broken:
        parts.append(f"<h4>Files that hold no verdict: {len(found.broken)}</h4>{People(most=people.most).folded(found.broken)}")
    return "".join(parts)
