"""Whether a call leaves the program as it was."""

from typing import Any

from ..judge.checks import expect


def assert_program_left(student: Any, name: str, *arguments: Any) -> None:
    """After a call of the student's function of this name autograd and the default dtype are what they were before."""
    recording, narrow = student.run(program_after, name=name, arguments=list(arguments))
    expect(recording, f"after a call of {name} autograd is switched off")
    expect(narrow, f"after a call of {name} the default dtype is another")


def program_after(student, name, arguments):
    """[is autograd on, is the default dtype float32] after a call."""
    import torch

    torch.set_grad_enabled(True)
    torch.set_default_dtype(torch.float32)
    getattr(student, name)(*arguments)
    return [torch.is_grad_enabled(), torch.get_default_dtype() == torch.float32]
