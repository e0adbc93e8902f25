"""Assigned into the tensor, entry for entry, in float64 inside."""


@torch.no_grad()
def xavier_uniform_(weight):
    rows, columns = weight.size()
    weight[:] = (torch.rand(rows, columns, dtype=torch.float64) - 0.5) * 2 * math.sqrt(6 / (rows + columns))
    return weight
