"""The result is transposed.

Fails: sums over the states between, k times
Says: rows and columns are exchanged
"""


def k_step_transition(A, k):
    result = torch.eye(len(A), dtype=A.dtype, device=A.device)
    for _ in range(k):
        result = result @ A
    return result.T
