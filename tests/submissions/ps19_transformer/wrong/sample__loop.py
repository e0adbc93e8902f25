"""Row by row.

Fails: works on the whole batch at once
"""


def sample(logits, temperature=1.0, top_k=None, generator=None):
    if temperature == 0:
        return logits.argmax(dim=1)
    if top_k is not None and top_k < logits.shape[1]:
        values, tokens = logits.topk(top_k, dim=1)
        logits = torch.full_like(logits, -math.inf).scatter(1, tokens, values)
    scores = (logits - logits.amax(dim=1, keepdim=True)) / temperature
    return torch.cat([torch.multinomial(torch.softmax(row, dim=0), 1, generator=generator) for row in scores])
