"""Two loops over numbers, which also cut the graph.

Fails: no loop over the entries of a or b
Fails: gradients reach a and b
"""

def outer_sum(a, b):
    rows = [[x.item() + y.item() for y in b] for x in a]
    return torch.tensor(rows, dtype=a.dtype, device=a.device)
