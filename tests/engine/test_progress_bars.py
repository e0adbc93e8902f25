"""Loops that are wrapped in tqdm run, whether the package is installed or not."""

import pytest

FORMS = {
    "a function": "from tqdm import tqdm\ndef f(): return [x for x in tqdm([1, 2, 3], desc='epoch', leave=False)]",
    "the module": "import tqdm\ndef f(): return list(tqdm.tqdm(iter([1, 2, 3])))",
    "for notebooks": "from tqdm.auto import tqdm, trange\nfrom tqdm.notebook import tqdm as other\ndef f(): return [1 + i for i in trange(3, desc='x')]",
    "a bar of its own": """
from tqdm import tqdm
def f():
    with tqdm(total=3) as bar:
        bar.update(2)
        bar.set_postfix(loss=1.0)
    return [1, bar.n, 3]
""",
    "a bar that is named": """
import tqdm.auto as t
def f():
    bar = t.tqdm([1, 2, 3])
    for x in bar:
        bar.set_description(f"{x}")
    return [len(bar) - 2, 2, 3]
""",
}


@pytest.mark.parametrize("source", FORMS.values(), ids=FORMS)
def test_a_loop_with_a_progress_bar_runs(student_of, source):
    assert student_of(source).f() == [1, 2, 3]
