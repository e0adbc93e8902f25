"""Begins anew with the generator's seed.

Fails: all chance comes from the generator: the same state, the same result
"""


def sample(logits, temperature=1.0, top_k=None, generator=None):
    if temperature == 0:
        return logits.argmax(dim=1)
    if top_k is not None and top_k < logits.shape[1]:
        values, tokens = logits.topk(top_k, dim=1)
        logits = torch.full_like(logits, -math.inf).scatter(1, tokens, values)
    scores = (logits - logits.amax(dim=1, keepdim=True)) / temperature
    if generator is not None:
        generator.manual_seed(generator.initial_seed())
    return torch.multinomial(torch.softmax(scores, dim=1), 1, generator=generator).squeeze(1)
