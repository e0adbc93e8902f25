"""The charts of the class report: inline SVG and boxes of HTML, without a script. Colours come from the style sheet, so that they follow light and dark."""

from collections import Counter
from collections.abc import Sequence
from html import escape

import numpy as np

from .standing import AssignmentShares, short

WEAK = 0.2  # an item-rest correlation below this says little about who has learnt what
WIDE, HIGH, EDGE = 96, 26, 3  # of a sparkline, pixels
COLUMN = 84  # the highest of a histogram, pixels
CROWDED = 10  # labels beside each other on a narrow screen
# What students meet, in six kinds; each has a colour in the style sheet, by its key.
KINDS = {
    "full points": ("good", ("passed",)),
    "wrong answer": ("wrong", ("wrong value", "wrong shape", "wrong type", "no gradient", "unstable")),
    "forbidden or too slow": ("barred", ("forbidden operation", "too slow", "tampered")),
    "crash or limit": ("crash", ("crashed", "timeout", "memory", "output limit", "exited")),
    "not attempted": ("idle", ("not attempted", "missing")),
    "unreadable": ("unread", ("unreadable",)),
}


def bar(share: float, kind: str = "") -> str:
    """A share, 0 to 100, of a track."""
    return f'<i class="bar{f" {kind}" if kind else ""}"><i style="width:{share:.0f}%"></i></i>'


def histogram(percents: np.ndarray) -> str:
    """How many submissions lie in each tenth of the points; full marks belong to the last."""
    counts = score_counts(percents)
    most = max(counts)
    columns = "".join(
        f'<div title="{low} to {low + 10} %: {count}"><b>{count or ""}</b><i style="height:{COLUMN * count / most:.0f}px"></i><span>{low}</span></div>'
        for low, count in zip(range(0, 100, 10), counts, strict=True)
    )
    return f'<figure class="hist" role="img" aria-label="Submissions in each tenth of the points: {", ".join(map(str, counts))}">{columns}</figure>'


def score_counts(percents: np.ndarray) -> list[int]:
    counts, _ = np.histogram(percents, bins=np.arange(0, 101, 10))
    return counts.tolist()


def outcome_bar(reasons: Counter[str]) -> str:
    """How one exercise came out, in shares of the submissions."""
    parts = []
    for kind, (key, members) in KINDS.items():
        if count := sum(reasons[member] for member in members):
            share = 100 * count / reasons.total()
            parts.append(f'<i class="{key}" style="width:{share:.1f}%" title="{kind}: {count}, {share:.0f} %"></i>')
    return f'<span class="stack">{"".join(parts)}</span>'


def outcome_legend() -> str:
    return '<p class="legend">' + "".join(f'<span><i class="{key}"></i>{kind}</span>' for kind, (key, _) in KINDS.items()) + "</p>"


def sparkline(student: str, assignments: Sequence[AssignmentShares], label: str = "") -> str:
    """A student's shares, and the class's median as a thin line behind; a ring on the floor where nothing was handed in. label: what a reader who sees
    nothing is told, "" where the numbers stand beside it."""
    xs = _places(len(assignments))
    own = [_y(a.shares[student]) if student in a.shares else None for a in assignments]
    rings = "".join(
        f'<circle class="o" cx="{x}" cy="{HIGH - EDGE}" r="2"/>'
        for x, y, a in zip(xs, own, assignments, strict=True)
        if y is None and a.counts and student not in a.excused | a.waiting
    )
    dots = [(x, y) for x, y in zip(xs, own, strict=True) if y is not None]
    last = f'<circle class="d" cx="{dots[-1][0]}" cy="{dots[-1][1]}" r="2.4"/>' if dots else ""
    said = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    lines = f'<path class="m" d="{_path(xs, [_y(a.median) for a in assignments])}"/><path class="l" d="{_path(xs, own)}"/>'
    return f'<svg class="spark" viewBox="0 0 {WIDE} {HIGH}" {said}>{lines}{rings}{last}</svg>'


def _places(count: int) -> list[int]:
    return [round(EDGE + (WIDE - 2 * EDGE) * (i / (count - 1) if count > 1 else 1)) for i in range(count)]


def _y(share: float) -> int:
    return round(HIGH - EDGE - (HIGH - 2 * EDGE) * share / 100)


def _path(xs: Sequence[float], ys: Sequence[float | None]) -> str:
    """A line with a gap where there is no value; one value alone is a stroke of no length, which round caps show."""
    words, drawing = [], False
    for i, (x, y) in enumerate(zip(xs, ys, strict=True)):
        if y is not None:
            alone = not drawing and (i + 1 == len(ys) or ys[i + 1] is None)
            words.append(f"{'L' if drawing else 'M'}{x:g} {y:g}{'h0' if alone else ''}")
        drawing = y is not None
    return "".join(words)


def class_trend(assignments: Sequence[AssignmentShares]) -> str:
    """The class's median over the assignments, and the half in the middle as a band. Labels are HTML, so that they keep their size."""
    count = len(assignments)
    xs = [100 * (i + 0.5) / count for i in range(count)]
    medians, lows, highs = ([getattr(a, name) for a in assignments] for name in ("median", "low", "high"))
    points = [*zip(xs, highs, strict=True), *reversed(list(zip(xs, lows, strict=True)))]
    band = "M" + "L".join(f"{x:.1f} {100 - y:.1f}" for x, y in points) + "Z"
    line = _path([round(x, 1) for x in xs], [round(100 - y, 1) for y in medians])
    grid = "".join(f'<path class="g" d="M0 {y}H100"/>' for y in (0, 25, 50, 75, 100))
    ticks = "".join(f'<span class="y" style="top:{100 - y}%">{y}</span>' for y in (0, 50, 100))
    marks = "".join(
        f'<span class="v" style="left:{x:.1f}%;top:{100 - a.median:.0f}%" title="{escape(a.assignment)}"><b>{a.median:.0f}</b></span>'
        for x, a in zip(xs, assignments, strict=True)
    )
    names = "".join(f"<span>{escape(short(a.assignment))}</span>" for a in assignments)
    said = ", ".join(f"{short(a.assignment)} {a.median:.0f} %" for a in assignments)
    return (
        f'<figure class="trend{" crowded" if count > CROWDED else ""}" role="img" aria-label="Median of the class: {escape(said)}">'
        f'<div class="plot"><svg viewBox="0 0 100 100" preserveAspectRatio="none">{grid}<path class="b" d="{band}"/><path class="l" d="{line}"/></svg>'
        f"{ticks}{marks}</div>"
        f'<div class="x">{names}</div></figure>'
    )
