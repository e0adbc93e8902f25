"""As a network of modules with the given weights."""

def gradient_norms(depth, skip, width=32):
    class Layer(nn.Module):
        def __init__(self, W):
            super().__init__()
            self.W = nn.Parameter(W.detach())

        def forward(self, H):
            F = torch.sigmoid(H @ self.W)
            return H + F if skip else F

    X, weights = deep_stack(depth, width)
    net = nn.Sequential(*[Layer(W) for W in weights])
    net(X).pow(2).mean().backward()
    return [layer.W.grad.pow(2).sum().sqrt().item() for layer in net]
