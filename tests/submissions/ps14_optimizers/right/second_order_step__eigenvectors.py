"""Newton by eigenvectors, too, and in float64."""


def second_order_step(g, H, method="newton"):
    dtype, g, H = g.dtype, g.double(), H.double()
    if method == "diagonal":
        return (-g / torch.diagonal(H)).to(dtype)
    values, vectors = torch.linalg.eigh(H)
    values = values.abs() if method == "absolute" else values
    return -sum((v @ g) / value * v for value, v in zip(values, vectors.T)).to(dtype)
