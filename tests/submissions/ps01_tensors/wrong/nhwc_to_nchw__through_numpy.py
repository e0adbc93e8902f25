"""NumPy knows no gradients.

Fails: gradients flow through
"""

def nhwc_to_nchw(X):
    return torch.tensor(X.detach().cpu().numpy().transpose(0, 3, 1, 2).copy(), device=X.device)
