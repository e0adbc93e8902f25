"""unflatten and einsum."""


def transpose_output(X, num_heads):
    return torch.einsum("nhtp->nthp", X.unflatten(0, (-1, num_heads))).flatten(-2)
