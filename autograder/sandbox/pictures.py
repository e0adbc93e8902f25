"""Figures as notebooks show them: a PNG for each, of a bounded size."""

import sys
from typing import Any

MAX_SIDE = 1600  # pixels
MAX_BYTES = 1 << 20  # of one picture
_ODD_INCHES = 500  # something lies far outside the figure


def is_figure(value: Any) -> bool:
    """Whether it is a figure of matplotlib's; does not load matplotlib."""
    library = sys.modules.get("matplotlib.figure")
    return library is not None and isinstance(value, library.Figure)


def png_of(figure: Any) -> bytes | None:
    """The figure as `%matplotlib inline` draws it, with fewer dots an inch where it would be too large; None when it is empty or cannot be drawn."""
    if not figure.axes and not figure.lines and not figure.texts and not figure.images:
        return None
    try:
        for scale in (1.0, 0.5):
            data = _drawn(figure, scale)
            if len(data) <= MAX_BYTES:
                return data
    except Exception as error:
        print(f"autograder: this figure could not be drawn ({type(error).__name__})", file=sys.stderr)
    return None


def _drawn(figure: Any, scale: float) -> bytes:
    from io import BytesIO

    from matplotlib.backends.backend_agg import FigureCanvasAgg

    before = figure.canvas
    canvas = before if isinstance(before, FigureCanvasAgg) else FigureCanvasAgg(figure)
    try:
        if figure.stale:
            figure.draw_without_rendering()
        box = figure.get_tightbbox().padded(0.1)
        inches = max(box.width, box.height)
        if not inches < _ODD_INCHES:
            box, inches = figure.bbox_inches, max(figure.get_size_inches())
        dots = scale * min(figure.dpi, MAX_SIDE / inches)
        file = BytesIO()
        canvas.print_figure(file, format="png", dpi=dots, bbox_inches=box, facecolor=figure.get_facecolor(), edgecolor=figure.get_edgecolor())
        return file.getvalue()
    finally:
        figure.set_canvas(before)
