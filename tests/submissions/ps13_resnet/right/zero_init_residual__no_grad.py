"""With torch.no_grad() and zero_()."""

def zero_init_residual(block):
    with torch.no_grad():
        block.bn2.weight.zero_()
        block.bn2.bias.zero_()
    return block
