"""From the last rank to the first."""


def average_precision(scores, hits, num_objects):
    order = sorted(range(len(scores)), key=lambda k: -scores[k].item())
    found, precisions = 0, []
    for rank, k in enumerate(order, start=1):
        found += bool(hits[k])
        precisions.append(found / rank)
    area, best = 0.0, 0.0
    for k, p in zip(reversed(order), reversed(precisions)):
        best = max(best, p)
        if hits[k]:
            area += best
    return area / num_objects if num_objects else 0.0
