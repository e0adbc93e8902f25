"""No steps are taken for one step.

Fails: after no steps it is the identity
Says: k = 0 is taken for one step
"""


def k_step_transition(A, k):
    result = A
    for _ in range(k - 1):
        result = result @ A
    return result
