"""Divides in place.

Fails: takes float64 and scores in any memory order, and leaves them unchanged
"""


def sample(logits, temperature=1.0, top_k=None, generator=None):
    if temperature == 0:
        return logits.argmax(dim=1)
    if top_k is not None and top_k < logits.shape[1]:
        values, tokens = logits.topk(top_k, dim=1)
        logits = torch.full_like(logits, -math.inf).scatter(1, tokens, values)
    logits /= temperature
    scores = logits
    return torch.multinomial(torch.softmax(scores, dim=1), 1, generator=generator).squeeze(1)
