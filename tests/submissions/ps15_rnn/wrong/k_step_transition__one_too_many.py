"""One step too many.

Fails: sums over the states between, k times
Fails: after no steps it is the identity
Says: one step too many
"""


def k_step_transition(A, k):
    result = torch.eye(len(A), dtype=A.dtype, device=A.device)
    for _ in range(k + 1):
        result = result @ A
    return result
