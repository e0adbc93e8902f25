"""gather from the labels repeated for each sample."""

def topk_labels(probs, labels, k):
    values, idx = probs.topk(k, dim=1)
    return torch.gather(labels.expand(probs.shape), dim=1, index=idx)
