"""A seed of its own.

Fails: every entry is drawn on its own
Fails: torch.manual_seed decides the numbers, and each call draws new ones
"""


def xavier_normal_(weight):
    n_out, n_in = weight.shape
    std = math.sqrt(2 / (n_in + n_out))
    with torch.no_grad():
        generator = torch.Generator().manual_seed(0)
        return weight.normal_(0, std, generator=generator)
