"""The graph is cut.

Fails: gradients reach a and b
"""

def outer_sum(a, b):
    return a.detach()[:, None] + b.detach()
