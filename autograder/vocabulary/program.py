"""Whether a call leaves the program as it was."""

from typing import Any

from ..judge.checks import expect


def assert_program_left(student: Any, name: str, *arguments: Any) -> None:
    """After a call of the student's function of this name autograd and the default dtype are what they were before."""
    assert_left_alone(student.run(program_after, name=name, arguments=list(arguments)), name)


def assert_left_alone(program: Any, name: str) -> None:
    """program: what a probe saw after the call, in a program in which nothing was switched: [torch.is_grad_enabled(), str(torch.get_default_dtype())]."""
    expect(isinstance(program, list) and len(program) == 2, f"{name} gave back something that cannot be read", "tampered")
    expect(program[0] is True, f"after a call of {name} autograd is switched off")
    expect(program[1] == "torch.float32", f"after a call of {name} the default dtype is another")


def program_after(student, name, arguments):
    import torch

    torch.set_grad_enabled(True)
    torch.set_default_dtype(torch.float32)
    getattr(student, name)(*arguments)
    return [torch.is_grad_enabled(), str(torch.get_default_dtype())]
