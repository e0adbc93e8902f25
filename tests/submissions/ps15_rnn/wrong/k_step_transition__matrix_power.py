"""Lets the library do it.

Fails: *
"""


def k_step_transition(A, k):
    return torch.matrix_power(A, k)
