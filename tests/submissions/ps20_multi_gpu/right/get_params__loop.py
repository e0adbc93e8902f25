"""A loop that fills empty tensors."""


def get_params(params, device):
    copies = []
    for p in params:
        copy = torch.empty(p.shape, dtype=p.dtype, device=device)
        copy.copy_(p.detach())
        copy.requires_grad = True
        copies.append(copy)
    return copies
