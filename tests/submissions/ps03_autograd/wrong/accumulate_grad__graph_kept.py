"""The gradient carries a graph.

Fails: w keeps its values, and stays a leaf that requires a gradient; w.grad has no graph
Says: w.grad carries a graph
"""


def accumulate_grad(loss, w, batches):
    losses = torch.cat([loss(w, X, y) for X, y in batches])
    w.grad = None
    losses.mean().backward(create_graph=True)
