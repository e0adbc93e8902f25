"""The shape (n, 1).

Fails: draws from the softmax of the scores divided by the temperature
Fails: only the k largest scores of each row are drawn, all of them if k is v or more
Fails: works for scores of ten thousand, temperatures of a millionth, and scores of minus infinity
Fails: all chance comes from the generator: the same state, the same result
Fails: takes float64 and scores in any memory order, and leaves them unchanged
Fails: works on the whole batch at once
"""


def sample(logits, temperature=1.0, top_k=None, generator=None):
    if temperature == 0:
        return logits.argmax(dim=1)
    if top_k is not None and top_k < logits.shape[1]:
        values, tokens = logits.topk(top_k, dim=1)
        logits = torch.full_like(logits, -math.inf).scatter(1, tokens, values)
    scores = (logits - logits.amax(dim=1, keepdim=True)) / temperature
    return torch.multinomial(torch.softmax(scores, dim=1), 1, generator=generator)
