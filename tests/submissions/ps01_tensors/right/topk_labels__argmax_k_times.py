"""A loop over k: takes the largest and strikes it out."""

def topk_labels(probs, labels, k):
    left = probs.clone()
    names = []
    for _ in range(k):
        best = left.argmax(dim=1, keepdim=True)
        names.append(labels[best])
        left = left.scatter(1, best, -1.0)
    return torch.cat(names, dim=1)
