"""Two clones for each entry, nudged through a flat view."""


def numerical_gradient(f, x, eps=1e-4):
    result = torch.empty(x.numel(), dtype=x.dtype, device=x.device)
    for j in range(x.numel()):
        ahead = x.detach().clone(memory_format=torch.contiguous_format)
        behind = x.detach().clone(memory_format=torch.contiguous_format)
        ahead.view(-1)[j] += eps
        behind.view(-1)[j] -= eps
        up, down = f(ahead), f(behind)
        if isinstance(up, torch.Tensor):
            up, down = up.item(), down.item()
        result[j] = (up - down) / 2 / eps
    return result.view(x.shape)
