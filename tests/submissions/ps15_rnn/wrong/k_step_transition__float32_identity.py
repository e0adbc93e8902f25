"""The identity is float32, whatever A is.

Fails: after no steps it is the identity
Fails: gradients are right
"""


def k_step_transition(A, k):
    result = torch.eye(len(A))
    for _ in range(k):
        result = result @ A
    return result
