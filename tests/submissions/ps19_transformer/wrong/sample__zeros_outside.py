"""Zeros outside the top k.

Fails: only the k largest scores of each row are drawn, all of them if k is v or more
Says: the scores outside the top k become 0
"""


def sample(logits, temperature=1.0, top_k=None, generator=None):
    if temperature == 0:
        return logits.argmax(dim=1)
    if top_k is not None and top_k < logits.shape[1]:
        values, tokens = logits.topk(top_k, dim=1)
        logits = torch.zeros_like(logits).scatter(1, tokens, values)
    scores = logits / temperature
    return torch.multinomial(torch.softmax(scores, dim=1), 1, generator=generator).squeeze(1)
