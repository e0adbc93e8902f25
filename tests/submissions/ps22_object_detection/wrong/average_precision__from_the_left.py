"""The running maximum from the left.

Fails: is the area under the stepped curve
Fails: objects that were never found count
Fails: holds for nothing but hits, and for nothing but misses
Fails: takes scores of float32 and float64, in any memory order
Fails: leaves its inputs unchanged
Fails: gives the same when it is called again, and leaves the program as it was
Says: comes from the left
"""


def average_precision(scores, hits, num_objects):
    if num_objects == 0 or len(scores) == 0:
        return 0.0
    hits = hits[scores.argsort(descending=True)].double()
    precision = hits.cumsum(0) / torch.arange(1, len(hits) + 1, device=hits.device)
    envelope = precision.cummax(0).values
    return float((envelope * hits).sum() / num_objects)
