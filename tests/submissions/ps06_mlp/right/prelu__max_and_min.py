"""The formula of the notes, with clamp. (004)"""

def prelu(x, alpha):
    if torch.is_tensor(alpha) and alpha.numel() > 1:
        alpha = alpha.view(1, -1, *([1] * (x.dim() - 2)))
    return x.clamp(min=0) + alpha * x.clamp(max=0)
