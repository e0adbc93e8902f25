"""The roots by math, and steps for show.

Fails: treats all entries at once
Says: math.sqrt
"""


def heron_sqrt(a):
    x = torch.tensor([math.sqrt(v) for v in a.detach().reshape(-1).tolist()], dtype=a.dtype).reshape(a.shape)
    for _ in range(8):
        x = (x + a / x) / 2
    return x
