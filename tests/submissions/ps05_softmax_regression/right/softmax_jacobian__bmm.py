"""Batched matrix products, and the diagonal added in place to its own result."""

def softmax_jacobian(p):
    column = p.unsqueeze(-1)
    J = -torch.bmm(column, column.transpose(1, 2))
    J.diagonal(dim1=1, dim2=2).add_(p)
    return J
