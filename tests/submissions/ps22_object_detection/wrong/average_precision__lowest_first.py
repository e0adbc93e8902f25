"""The lowest score comes first.

Fails: is the area under the stepped curve
May fail: objects that were never found count
May fail: holds for nothing but hits, and for nothing but misses
May fail: takes scores of float32 and float64, in any memory order
May fail: leaves its inputs unchanged
May fail: gives the same when it is called again, and leaves the program as it was
Says: the lowest score comes first
"""


def average_precision(scores, hits, num_objects):
    if num_objects == 0 or len(scores) == 0:
        return 0.0
    hits = hits[scores.argsort()].double()
    precision = hits.cumsum(0) / torch.arange(1, len(hits) + 1, device=hits.device)
    envelope = precision.flip(0).cummax(0).values.flip(0)
    return float((envelope * hits).sum() / num_objects)
