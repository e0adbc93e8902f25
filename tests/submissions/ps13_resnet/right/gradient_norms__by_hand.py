"""The backward pass written by hand, no autograd."""

def gradient_norms(depth, skip, width=32):
    X, weights = deep_stack(depth, width)
    inputs, outputs, H = [], [], X
    with torch.no_grad():
        for W in weights:
            inputs.append(H)
            outputs.append(torch.sigmoid(H @ W))
            H = skip * H + outputs[-1]
        delta, norms = 2 * H / H.numel(), []
        for W, H, S in zip(weights[::-1], inputs[::-1], outputs[::-1]):
            inner = delta * S * (1 - S)
            norms.append(torch.linalg.norm(H.T @ inner).item())
            delta = inner @ W.T + skip * delta
    return norms[::-1]
