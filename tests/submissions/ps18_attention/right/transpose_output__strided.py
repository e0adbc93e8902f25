"""Takes every H-th row for each head and puts them side by side."""

def transpose_output(X, num_heads):
    return torch.cat([X[j::num_heads] for j in range(num_heads)], dim=-1)
