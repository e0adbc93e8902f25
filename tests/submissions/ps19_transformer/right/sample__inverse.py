"""The inverse of the cumulated sum."""


def sample(logits, temperature=1.0, top_k=None, generator=None):
    if temperature == 0:
        return logits.argmax(dim=1)
    if top_k is not None and top_k < logits.shape[1]:
        values, tokens = logits.topk(top_k, dim=1)
        logits = torch.full_like(logits, -math.inf).scatter(1, tokens, values)
    scores = (logits - logits.amax(dim=1, keepdim=True)) / temperature
    sums = torch.softmax(scores.double(), dim=1).cumsum(dim=1)
    u = torch.rand(len(logits), 1, generator=generator, dtype=torch.float64) * sums[:, -1:]
    return (sums <= u).sum(dim=1).clamp(max=logits.shape[1] - 1)
