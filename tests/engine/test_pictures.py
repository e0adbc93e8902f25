"""Figures come out of a notebook as pictures, in a bounded number and size; what only says that it is one does not."""

import base64
import struct

import pytest

from autograder.notebooks.assemble import safe_outputs
from autograder.notebooks.pictures import OUTPUT_COUNT, PictureRoom, is_picture
from autograder.sandbox.outputs import MAX_PICTURES, Recorder

SHOWN = {
    "show": "plt.plot([1, 4, 2])\nplt.show()",
    "a figure as last line": "%matplotlib inline\nfig, ax = plt.subplots()\nax.plot([1, 2])\nplt.close(fig)\nfig",
    "display": "display(fig)",
    "left open": "plt.plot([3, 1]);",
    "left open by a cell that fails": "plt.plot([3, 1])\n1 / 0",
    "another format asked for": "%config InlineBackend.figure_format = 'svg'\nplt.plot([1])\nplt.show()",
    "another backend asked for": "%matplotlib widget\nplt.plot([1])\nplt.show()",
    "very large": "plt.figure(figsize=(300, 200))\nplt.plot([1])\nplt.show()",
    "a picture from a file": "from IPython.display import Image\nfig.savefig('a.png')\nImage('a.png')",
    "the last of an animation": "from IPython.display import clear_output\nfor i in range(3):\n    clear_output(wait=True)\n    display(fig)",
    "one that is updated": "handle = display('soon', display_id=True)\nhandle.update(fig)",
}
NOT_SHOWN = {
    "no figure": "print('nothing')",
    "an empty figure": "plt.figure()\nplt.show()",
    "a flood": "class F:\n    def _repr_png_(self):\n        return b'\\x89PNG\\r\\n\\x1a\\n' + bytes(1 << 24)\nF()",
    "a class that calls itself one": "class Figure:\n    def _repr_png_(self):\n        return b'<svg onload=alert(1)>'\nFigure()",
    "a figure that cannot be drawn": "class Broken(plt.Figure):\n    def draw(self, renderer):\n        raise ValueError\nb = Broken()\nb.add_subplot()\nb",
}


def pictures_in(outputs) -> list[bytes]:
    return [base64.b64decode(output["data"]["image/png"]) for output in safe_outputs(outputs) if "image/png" in output.get("data", {})]


@pytest.fixture(scope="module")
def shown(walled):
    """The outputs of one notebook with all of these cells."""
    from autograder.judge.session import SubmissionSession
    from autograder.notebooks.plan import Plan, PlannedCell
    from autograder.sandbox.limits import SubmissionLimits

    cells = ["import matplotlib.pyplot as plt", *SHOWN.values(), *NOT_SHOWN.values(), "for i in range(30):\n    display(fig)"]
    with SubmissionSession(walled, SubmissionLimits(), Plan([PlannedCell(cell) for cell in cells]), seed=1) as session:
        session.run_notebook()
        return dict(zip(["import", *SHOWN, *NOT_SHOWN, "many"], session.outcomes, strict=True))


@pytest.mark.parametrize("name", SHOWN)
def test_a_figure_is_shown_once_as_a_picture_of_bounded_size(shown, name):
    (picture,) = pictures_in(shown[name].outputs)
    width, height = struct.unpack(">II", picture[16:24])
    assert 100 < width <= 1700
    assert 50 < height <= 1700
    assert shown[name].reason == ("crashed" if "fails" in name else "ok")


@pytest.mark.parametrize("name", NOT_SHOWN)
def test_what_is_no_picture_is_not_shown_as_one_and_fails_nothing(shown, name):
    assert pictures_in(shown[name].outputs) == []
    assert shown[name].reason == "ok"


def test_of_many_pictures_in_a_cell_the_first_are_shown_and_the_cell_ends_well(shown):
    assert (len(pictures_in(shown["many"].outputs)), shown["many"].reason) == (MAX_PICTURES, "ok")


def test_where_nobody_sees_them_figures_are_not_drawn(walled, run_in):
    source = """
import matplotlib.pyplot as plt
class Counted(plt.Figure):
    drawn = 0
    def draw(self, renderer):
        Counted.drawn += 1
        super().draw(renderer)
def f():
    fig = plt.figure(FigureClass=Counted)
    fig.add_subplot()
    plt.show()
    return Counted.drawn
"""
    assert run_in(walled, source).student.f() == 0


def png(width: int = 1, height: int = 1, size: int = 40) -> str:
    head = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + struct.pack(">II", width, height)
    return base64.b64encode(head.ljust(size, b"\0")).decode()


def test_only_what_begins_like_its_format_and_is_not_too_large_is_a_picture():
    assert is_picture("image/png", png())
    assert is_picture("image/jpeg", base64.b64encode(b"\xff\xd8\xff\xe0").decode())
    for mime, value in [
        ("image/jpeg", png()), ("image/png", png()[:20]), ("image/png", png(1 << 16, 1 << 16)), ("image/png", png(0, 5)), ("image/png", png(size=4 << 20)),
        ("image/svg+xml", png()), ("image/png", base64.b64encode(b"<svg/>").decode()), ("image/png", "no base64!"), ("image/png", None), ("image/png", ["a"]),
    ]:  # fmt: skip
        assert not is_picture(mime, value), (mime, value)


def test_the_pictures_of_a_notebook_have_bounded_room_and_their_text_stays():
    room = PictureRoom()
    outputs = [{"output_type": "display_data", "data": {"text/plain": "a figure", "image/png": png(), "image/gif": "x"}} for _ in range(OUTPUT_COUNT + 5)]
    room.fit(outputs)
    assert [set(output["data"]) for output in outputs] == [{"text/plain", "image/png"}] * OUTPUT_COUNT + [{"text/plain"}] * 5


def test_the_text_of_a_cell_has_its_limit_whatever_is_cleared_or_updated_and_pictures_do_not_count():
    recorder = Recorder(100, pictures=1000)
    for _ in range(5):
        recorder.stream("stdout", "x" * 60)
        recorder.clear()
    recorder.show("display_data", {"image/png": "y" * 900, "text/html": "z" * 5000}, display_id="a")
    recorder.show("display_data", {"text/plain": "of another id"}, display_id="b", update=True)
    recorder.clear(wait=True)
    (kept,) = recorder.outputs
    assert set(kept["data"]) == {"image/png"}
    recorder.stream("stdout", "the next")
    assert [output["output_type"] for output in recorder.outputs] == ["stream"]
