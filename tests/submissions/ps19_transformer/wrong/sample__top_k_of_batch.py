"""The top k of the whole batch.

Fails: only the k largest scores of each row are drawn, all of them if k is v or more
"""


def sample(logits, temperature=1.0, top_k=None, generator=None):
    if temperature == 0:
        return logits.argmax(dim=1)
    if top_k is not None and top_k < logits.shape[1]:
        edge = logits.flatten().topk(top_k).values[-1]
        logits = logits.masked_fill(logits < edge, -math.inf)
    scores = logits / temperature
    return torch.multinomial(torch.softmax(scores, dim=1), 1, generator=generator).squeeze(1)
