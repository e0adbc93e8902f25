"""Everything below the k-th score is hidden."""


def sample(logits, temperature=1.0, top_k=None, generator=None):
    if temperature == 0:
        return logits.argmax(dim=1)
    if top_k is not None and top_k < logits.shape[1]:
        edge = logits.topk(top_k, dim=1).values[:, -1:]
        logits = logits.masked_fill(logits < edge, -math.inf)
    scores = (logits - logits.amax(dim=1, keepdim=True)) / temperature
    return torch.multinomial(torch.softmax(scores, dim=1), 1, generator=generator).squeeze(1)
