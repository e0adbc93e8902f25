"""Squares k times.

Fails: sums over the states between, k times
Says: squared again and again
"""


def k_step_transition(A, k):
    result = A
    for _ in range(k):
        result = result @ result
    return result if k else torch.eye(len(A)).to(A)
