"""Divides by a temperature of 0.

Fails: temperature 0 takes the largest score
"""


def sample(logits, temperature=1.0, top_k=None, generator=None):
    if top_k is not None and top_k < logits.shape[1]:
        values, tokens = logits.topk(top_k, dim=1)
        logits = torch.full_like(logits, -math.inf).scatter(1, tokens, values)
    scores = (logits - logits.amax(dim=1, keepdim=True)) / temperature
    return torch.multinomial(torch.softmax(scores, dim=1), 1, generator=generator).squeeze(1)
