"""One-element tensors for numbers, and mse_loss for the mean square."""

def gradient_norms(depth, skip, width=32):
    H, weights = deep_stack(depth=depth, width=width)
    for l in range(depth):
        H = skip * H + torch.sigmoid(torch.matmul(H, weights[l]))
    nn.functional.mse_loss(H, torch.zeros_like(H)).backward()
    return [torch.linalg.vector_norm(W.grad) for W in weights]
