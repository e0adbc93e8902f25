"""A small number is added to the sum, for scores of minus infinity.

Fails: only the k largest scores of each row are drawn, all of them if k is v or more
Fails: works for scores of ten thousand, temperatures of a millionth, and scores of minus infinity
"""


def sample(logits, temperature=1.0, top_k=None, generator=None):
    if temperature == 0:
        return logits.argmax(dim=1)
    if top_k is not None and top_k < logits.shape[1]:
        values, tokens = logits.topk(top_k, dim=1)
        logits = torch.full_like(logits, -math.inf).scatter(1, tokens, values)
    scores = (logits - logits.mean(dim=1, keepdim=True)) / temperature
    return torch.multinomial(torch.softmax(scores, dim=1), 1, generator=generator).squeeze(1)
