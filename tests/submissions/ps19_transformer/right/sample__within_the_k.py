"""Draws a place among the k, and looks up its token."""


def sample(logits, temperature=1.0, top_k=None, generator=None):
    k = logits.shape[1] if top_k is None else min(top_k, logits.shape[1])
    values, tokens = torch.topk(logits, k, dim=1)
    if temperature == 0:
        return tokens[:, 0]
    place = torch.multinomial(torch.softmax((values - values[:, :1]) / temperature, dim=1), 1, generator=generator)
    return tokens.gather(1, place).squeeze(1)
