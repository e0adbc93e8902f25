"""By torch.linalg.lstsq, in float32, returned as tensors."""


def zipf_fit(counts, skip=0):
    n = torch.tensor(counts).sort(descending=True).values[skip:].float()
    i = torch.arange(skip, len(counts)).float() + 1
    M = torch.stack([-i.log(), torch.ones_like(i)], dim=1)
    alpha, c = torch.linalg.lstsq(M, n.log()[:, None]).solution[:, 0]
    return alpha, c
