"""The charts of the class report, drawn by Plotly.

Colours are Okabe and Ito's, shares run from white to dark blue: told apart by colour-blind eyes and, with patterns, in grey print.
"""

from collections import Counter
from html import escape

import numpy as np
import plotly.graph_objects as go

from .class_statistics import ExerciseStatistics, Together

BLUE, ORANGE, GREEN, SKY, VERMILLION, PURPLE, GREY, INK = "#0072B2", "#E69F00", "#009E73", "#56B4E9", "#D55E00", "#CC79A7", "#BBBBBB", "#222222"
SHADES = [[0, "#FFFFFF"], [0.15, "#E3EEF6"], [0.5, "#0072B2"], [1, "#00223A"]]
WEAK = 0.2  # an item-rest correlation below this says little about who has learnt what
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans CJK SC', sans-serif"
# What students meet, in six kinds: each with a colour and a pattern, so that grey print tells them apart as well.
KINDS = {
    "full points": (("passed",), GREEN, ""),
    "wrong answer": (("wrong value", "wrong shape", "wrong type", "no gradient", "unstable"), ORANGE, "/"),
    "forbidden or too slow": (("forbidden operation", "too slow", "tampered"), PURPLE, "x"),
    "crash or limit": (("crashed", "timeout", "memory", "output limit", "exited"), VERMILLION, "\\"),
    "not attempted": (("not attempted", "missing"), GREY, ""),
    "unreadable": (("unreadable",), INK, "."),
}


def _layout(figure: go.Figure, height: int, **more) -> go.Figure:
    figure.update_layout(
        template="simple_white", height=height, font={"family": FONT, "size": 13, "color": INK}, margin={"l": 10, "r": 20, "t": 30, "b": 10},
        paper_bgcolor="white", plot_bgcolor="white", hoverlabel={"font": {"family": FONT}}, **more,
    )  # fmt: skip
    figure.update_xaxes(automargin=True, title_standoff=8, title_font_size=13)
    figure.update_yaxes(automargin=True, title_standoff=8, title_font_size=13)
    return figure


def _whole_step(counts: np.ndarray) -> int:
    """A step of 1, 2 or 5 times a power of ten that makes at most six ticks: submissions come whole."""
    most = max(int(counts.max()), 1)
    return next(step for power in range(10) for step in (10**power, 2 * 10**power, 5 * 10**power) if most / step <= 5)


def score_chart(percents: np.ndarray) -> go.Figure:
    """How many submissions lie in each tenth of the points; full marks belong to the last."""
    counts, _ = np.histogram(percents, bins=np.arange(0, 101, 10))
    labels = [f"{low}–{low + 10}" for low in range(0, 100, 10)]
    bars = go.Bar(
        x=[low + 5 for low in range(0, 100, 10)], y=counts.tolist(), width=9.4, marker_color=BLUE, text=[str(c) if c else "" for c in counts],
        textposition="outside", cliponaxis=False, customdata=labels, hovertemplate="%{customdata} %: %{y} submissions<extra></extra>",
    )  # fmt: skip
    figure = _layout(go.Figure(bars), 300)
    median = float(np.median(percents))
    figure.add_vline(x=median, line_dash="dash", line_color=INK, line_width=1.5, opacity=1)
    figure.add_annotation(x=median, y=1.08, yref="paper", text=f"median {median:.0f} %", showarrow=False, xanchor="right" if median > 50 else "left", xshift=-4)
    figure.update_xaxes(title_text="share of the points, %", range=[-1, 101], tickvals=list(range(0, 101, 10)))
    figure.update_yaxes(title_text="submissions", rangemode="tozero", dtick=_whole_step(counts))
    return figure


def exercise_chart(statistics: list[ExerciseStatistics]) -> go.Figure:
    """Side by side for each exercise: mean share of the points, and discrimination."""
    from plotly.subplots import make_subplots

    names = [escape(s.name) for s in statistics]
    figure = make_subplots(
        1, 2, shared_yaxes=True, horizontal_spacing=0.06, subplot_titles=("difficulty: mean share of the points, %", "discrimination: item–rest correlation")
    )
    shares = [100 * s.difficulty for s in statistics]
    figure.add_bar(
        x=shares, y=names, orientation="h", marker_color=BLUE, text=[f"{share:.0f}" for share in shares], textposition="outside", cliponaxis=False,
        hovertemplate="%{y}: %{x:.1f} %<extra></extra>", row=1, col=1,
    )  # fmt: skip
    values = [s.discrimination for s in statistics]
    figure.add_bar(
        x=[0 if v is None else v for v in values], y=names, orientation="h", text=["–" if v is None else f"{v:.2f}" for v in values], textposition="outside",
        marker={"color": [SKY if v is not None and v >= WEAK else ORANGE for v in values],
                "pattern": {"shape": ["" if v is not None and v >= WEAK else "/" for v in values], "fgcolor": INK, "size": 6}},
        cliponaxis=False, hovertemplate="%{y}: %{x:.2f}<extra></extra>", row=1, col=2,
    )  # fmt: skip
    _layout(figure, 80 + 28 * len(names), showlegend=False, bargap=0.3)
    figure.update_annotations(font_size=13)
    figure.update_yaxes(autorange="reversed", ticks="")
    figure.update_xaxes(range=[0, 112], tickvals=[0, 25, 50, 75, 100], row=1, col=1)
    low = min([0.0, *(v for v in values if v is not None)])
    figure.update_xaxes(range=[low - (0.15 if low < 0 else 0), 1.12], tickvals=[-1, -0.5, 0, WEAK, 0.5, 1], zeroline=True, zerolinecolor=INK, row=1, col=2)
    figure.add_vline(x=WEAK, line_dash="dot", line_color=INK, line_width=1, opacity=1, row=1, col=2)
    return figure


def outcome_chart(reasons: dict[str, Counter]) -> go.Figure:
    """How each exercise came out, in shares of all submissions."""
    names = [escape(name) for name in reasons]
    figure = go.Figure()
    for kind, (members, colour, pattern) in KINDS.items():
        counts = [sum(counter[member] for member in members) for counter in reasons.values()]
        if not any(counts):
            continue
        shares = [100 * count / counter.total() for count, counter in zip(counts, reasons.values(), strict=True)]
        figure.add_bar(
            x=shares, y=names, orientation="h", name=kind, text=[f"{share:.0f}" if share >= 6 else "" for share in shares], textposition="inside",
            insidetextanchor="middle", textangle=0, customdata=counts, hovertemplate=f"%{{y}}, {kind}: %{{customdata}} (%{{x:.0f}} %)<extra></extra>",
            insidetextfont={"color": "white" if colour in (GREEN, INK, VERMILLION) else INK},
            marker={"color": colour, "line": {"color": "white", "width": 1}, "pattern": {"shape": pattern, "fgcolor": "white", "size": 7, "solidity": 0.15}},
        )  # fmt: skip
    _layout(figure, 110 + 28 * len(names), barmode="stack", bargap=0.3)
    figure.update_layout(legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"})
    figure.update_yaxes(autorange="reversed", ticks="")
    figure.update_xaxes(title_text="share of the submissions, %", range=[0, 100])
    return figure


def together_chart(together: Together) -> go.Figure:
    """Lower triangle: of the submissions that fail either criterion, the share that fails both."""
    n = len(together.keys)
    labels = [f"{escape(_short(f'{exercise}: {title}'))}  {i}" for i, (exercise, title) in enumerate(together.keys, 1)]
    shares = np.where(np.tri(n, k=-1, dtype=bool), 100 * together.jaccard, np.nan)[1:, :-1]
    texts = [["" if np.isnan(v) or v < 40 or n > 26 else f"{v:.0f}" for v in row] for row in shares]
    hover = [[_pair_words(together, i + 1, j) if j <= i else "" for j in range(n - 1)] for i in range(n - 1)]
    heat = go.Heatmap(
        z=[[None if np.isnan(v) else float(v) for v in row] for row in shares], x=[str(j + 1) for j in range(n - 1)], y=labels[1:], colorscale=SHADES,
        zmin=0, zmax=100, xgap=1, ygap=1, text=texts, texttemplate="%{text}", textfont={"size": 10}, customdata=hover,
        hovertemplate="%{customdata}<extra></extra>", hoverongaps=False,
        colorbar={"title": {"text": "both, %", "font": {"size": 12}}, "thickness": 12, "len": 0.6, "y": 0.7},
    )  # fmt: skip
    figure = _layout(go.Figure(heat), 130 + 21 * n)
    figure.update_yaxes(autorange="reversed", ticks="", showline=False, tickfont={"size": 11.5})
    figure.update_xaxes(
        ticks="", showline=False, type="category", tickangle=0, tickfont={"size": 11.5}, title_text=f"number of the criterion; 1 is {labels[0][:-3]}"
    )
    return figure


def _pair_words(together: Together, i: int, j: int) -> str:
    titles = f"{escape(together.keys[i][1])}<br>{escape(together.keys[j][1])}"
    return f"{i + 1} and {j + 1}<br>{titles}<br>both fail in {together.both[i, j]} submissions, {100 * together.jaccard[i, j]:.0f} % of either"


def _short(text: str, limit: int = 58) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def time_chart(seconds: np.ndarray) -> go.Figure:
    """How long judging took, in seconds of wall time a submission."""
    counts, edges = np.histogram(seconds, bins=min(30, max(8, len(seconds) // 8)))
    middle, width = (edges[1:] + edges[:-1]) / 2, edges[1:] - edges[:-1]
    bars = go.Bar(
        x=middle.tolist(), y=counts.tolist(), width=(0.94 * width).tolist(), marker_color=BLUE,
        customdata=np.stack([edges[:-1], edges[1:]], axis=1).tolist(),
        hovertemplate="%{customdata[0]:.2f} to %{customdata[1]:.2f} s: %{y} submissions<extra></extra>",
    )  # fmt: skip
    figure = _layout(go.Figure(bars), 240)
    figure.update_xaxes(title_text="seconds a submission", rangemode="tozero")
    figure.update_yaxes(title_text="submissions", dtick=_whole_step(counts))
    return figure
