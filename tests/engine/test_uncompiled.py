"""`torch.compile` and its relatives run the program uncompiled: same results, operators recorded, no compiler loaded."""

import pytest

from autograder.judge.reasons import Finding

WAYS = {
    "a decorator": "@torch.compile\ndef f(x):\n    return x * 2",
    "a decorator with options": "@torch.compile(fullgraph=True, mode='max-autotune', dynamic=False, backend='inductor')\ndef f(x):\n    return x * 2",
    "a function": "def g(x):\n    return x * 2\nf = torch.compile(g, options={'trace.enabled': True})",
    "through torch.compiler": "f = torch.compiler.compile(lambda x: x * 2)\ntorch.compiler.reset()\ntorch.compiler.cudagraph_mark_step_begin()",
    "switched off": "@torch.compiler.disable\n@torch.compiler.disable(recursive=False)\ndef g(x):\n    return x * 2\nf = torch.compile(g)",
    "under a stance": "torch.compiler.set_stance('force_eager')\n@torch.compiler.set_stance('default')\ndef f(x):\n    return x * 2",
    "a method": "class A:\n    @torch.compile\n    def __call__(self, x):\n        return x * 2\nf = A()",
    "a module": "class N(torch.nn.Module):\n    def forward(self, x):\n        return x * 2\nf = torch.compile(N())._orig_mod\nassert not f.state_dict()",
    "a module in place": "class N(torch.nn.Module):\n    def forward(self, x):\n        return x * 2\nf = N()\nf.compile(mode='reduce-overhead')",
    "a class": "@torch.compile\nclass N(torch.nn.Module):\n    def forward(self, x):\n        return x * 2\nf = N()",
}


@pytest.mark.parametrize("source", WAYS.values(), ids=WAYS)
def test_what_is_compiled_runs_as_it_is_and_no_compiler_is_loaded(student_of, source):
    student = student_of(
        f"import sys, torch\n{source}\ndef loaded():\n    return 'torch._inductor.compile_fx' in sys.modules\ndef ask():\n    return f(torch.ones(2)).tolist()"
    )
    assert student.ask() == [2, 2]
    assert student.loaded() is False


def test_the_operators_of_a_compiled_function_are_recorded(student_of):
    student = student_of("import torch\n@torch.compile(fullgraph=True)\ndef f():\n    return torch.softmax(torch.ones(2), 0).sum()", forbid=("softmax",))
    with pytest.raises(Finding, match=r"f calls torch\.") as finding:
        student.f()
    assert finding.value.reason == "forbidden operation"


@pytest.mark.parametrize("way", ["torch.jit.script(g)", "torch.jit.trace(g, torch.ones(2))"])
def test_the_operators_of_a_scripted_or_traced_function_are_recorded(student_of, way):
    source = f"import torch\ndef g(x: torch.Tensor):\n    return torch.softmax(x, 0)\nf = {way}\ndef ask(): return f(torch.ones(2)).tolist()"
    assert student_of(source).ask() == [0.5, 0.5]
    with pytest.raises(Finding) as finding:
        student_of(source, forbid=("softmax",)).ask()
    assert finding.value.reason == "forbidden operation"
