"""A list of pairs, not a flat list.

Fails: *
"""

def init_params(sizes, std=0.01):
    return [
        (torch.normal(0, std, size=(a, b), requires_grad=True), torch.zeros(b, requires_grad=True))
        for a, b in zip(sizes[:-1], sizes[1:])
    ]
