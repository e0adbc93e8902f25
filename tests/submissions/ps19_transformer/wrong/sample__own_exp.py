"""exp of the scores, without a shift.

Fails: works for scores of ten thousand, temperatures of a millionth, and scores of minus infinity
"""


def sample(logits, temperature=1.0, top_k=None, generator=None):
    if temperature == 0:
        return logits.argmax(dim=1)
    if top_k is not None and top_k < logits.shape[1]:
        values, tokens = logits.topk(top_k, dim=1)
        logits = torch.full_like(logits, -math.inf).scatter(1, tokens, values)
    weights = torch.exp(logits / temperature)
    return torch.multinomial(weights / weights.sum(dim=1, keepdim=True), 1, generator=generator).squeeze(1)
