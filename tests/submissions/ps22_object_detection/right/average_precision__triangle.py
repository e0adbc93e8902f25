"""The largest of each row of a triangle; a tensor with one entry."""


def average_precision(scores, hits, num_objects):
    K = len(scores)
    if K == 0 or num_objects == 0:
        return torch.tensor(0.0)
    sorted_hits = hits[(-scores).argsort()].float()
    precision = sorted_hits.cumsum(0) / torch.arange(1, K + 1, device=hits.device)
    later = torch.ones(K, K, device=hits.device).triu() * precision
    return later.max(dim=1).values @ sorted_hits / num_objects
