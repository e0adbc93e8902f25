"""Cuts into heads and stacks them: a loop over heads."""

def transpose_qkv(X, num_heads):
    heads = torch.chunk(X, num_heads, dim=-1)
    return torch.stack(heads, dim=1).flatten(0, 1)
