"""block_diag of small matrices."""

def relative_rotation(delta, num_hiddens):
    blocks = []
    for j in range(num_hiddens // 2):
        a = torch.tensor(delta / 10000 ** (2 * j / num_hiddens))
        blocks.append(torch.tensor([[torch.cos(a), torch.sin(a)], [-torch.sin(a), torch.cos(a)]]))
    return torch.block_diag(*blocks)
