"""Two new parameters in the place of the old ones."""

def zero_init_residual(block):
    norm = block.bn2
    norm.weight = nn.Parameter(torch.zeros_like(norm.weight))
    norm.bias = nn.Parameter(torch.zeros_like(norm.bias))
    return block
