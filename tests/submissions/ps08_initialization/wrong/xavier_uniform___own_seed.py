"""A seed of its own.

Fails: every entry is drawn on its own
Fails: torch.manual_seed decides the numbers, and each call draws new ones
"""


def xavier_uniform_(weight):
    n_out, n_in = weight.shape
    half_width = math.sqrt(6 / (n_in + n_out))
    with torch.no_grad():
        generator = torch.Generator().manual_seed(0)
        return weight.uniform_(-half_width, half_width, generator=generator)
