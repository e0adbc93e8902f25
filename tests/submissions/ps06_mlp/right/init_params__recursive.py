"""One layer, then the rest."""

def init_params(sizes, std=0.01):
    if len(sizes) < 2:
        return []
    W = (std * torch.randn(sizes[0], sizes[1])).requires_grad_()
    return [W, torch.zeros(sizes[1], requires_grad=True)] + init_params(sizes[1:], std)
