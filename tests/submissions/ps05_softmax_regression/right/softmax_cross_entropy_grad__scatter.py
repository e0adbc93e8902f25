"""Scatters the ones."""

def softmax_cross_entropy_grad(O, y):
    P = torch.softmax(O.double(), -1)
    return P.scatter_add(1, y[:, None], torch.full((len(y), 1), -1.0, dtype=torch.float64, device=O.device)).to(O.dtype)
