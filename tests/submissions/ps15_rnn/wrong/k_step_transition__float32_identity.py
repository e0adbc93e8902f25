"""The identity is float32, whatever A is.

Fails: *
"""


def k_step_transition(A, k):
    result = torch.eye(len(A))
    for _ in range(k):
        result = result @ A
    return result
