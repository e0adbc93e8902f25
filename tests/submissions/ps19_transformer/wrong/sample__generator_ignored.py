"""The generator is not used.

Fails: all chance comes from the generator: the same state, the same result
Fails: with a generator the program's random numbers stay as they are, without one they are used
"""


def sample(logits, temperature=1.0, top_k=None, generator=None):
    if temperature == 0:
        return logits.argmax(dim=1)
    if top_k is not None and top_k < logits.shape[1]:
        values, tokens = logits.topk(top_k, dim=1)
        logits = torch.full_like(logits, -math.inf).scatter(1, tokens, values)
    scores = (logits - logits.amax(dim=1, keepdim=True)) / temperature
    return torch.multinomial(torch.softmax(scores, dim=1), 1).squeeze(1)
