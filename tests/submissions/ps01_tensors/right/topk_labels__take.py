"""Looks the flat positions up."""

def topk_labels(probs, labels, k):
    _, positions = torch.sort(-probs, dim=-1)
    return torch.take(labels, positions[:, 0:k])
