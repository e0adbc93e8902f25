"""Each entry is raised to the power k.

Fails: sums over the states between, k times
Says: each entry is raised to the power k
"""


def k_step_transition(A, k):
    return A ** k
