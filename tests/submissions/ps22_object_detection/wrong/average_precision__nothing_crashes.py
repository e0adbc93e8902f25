"""Divided by 0, and the maximum of nothing.

Fails: is 0.0 where there is no object or no detection
"""


def average_precision(scores, hits, num_objects):
    hits = hits[scores.argsort(descending=True)].double()
    precision = hits.cumsum(0) / torch.arange(1, len(hits) + 1, device=hits.device)
    envelope = precision.flip(0).cummax(0).values.flip(0)
    return float((envelope * hits).sum()) / num_objects
