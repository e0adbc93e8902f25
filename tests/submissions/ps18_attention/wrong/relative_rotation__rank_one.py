"""Maps position 0 only.

Fails: moves every position forward by delta
Fails: a negative delta goes back, and 0 stays
Fails: has zeros outside its 2 × 2 blocks, and keeps all lengths
Fails: adding shifts is multiplying matrices
Says: is not zero outside its blocks
"""

def relative_rotation(delta, num_hiddens):
    angles = delta * 10000 ** (-torch.arange(0, num_hiddens, 2) / num_hiddens)
    start = torch.tensor([0.0, 1.0]).repeat(num_hiddens // 2)
    end = torch.stack([torch.sin(angles), torch.cos(angles)], dim=1).flatten()
    return torch.outer(end, start) / (num_hiddens // 2)
