"""The eleven points of the older Pascal VOC challenge.

Fails: is the area under the stepped curve
Says: eleven recalls
"""


def average_precision(scores, hits, num_objects):
    if not len(scores) or not num_objects:
        return 0.0
    hits = hits[scores.argsort(descending=True)].double()
    precision, recall = hits.cumsum(0) / torch.arange(1, len(hits) + 1), hits.cumsum(0) / num_objects
    total = 0.0
    for t in range(11):
        p = precision[recall >= t / 10]
        total += float(p.max()) / 11 if len(p) else 0.0
    return total
