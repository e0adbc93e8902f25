"""No graph.

Fails: gradients are right
Says: carries no graph
"""


def himmelblau(x):
    x = [torch.as_tensor(v).detach() for v in x]
    return (x[0] ** 2 + x[1] - 11) ** 2 + (x[0] + x[1] ** 2 - 7) ** 2
