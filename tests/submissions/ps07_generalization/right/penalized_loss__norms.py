"""Norms of the library, squared by pow."""

def penalized_loss(losses, weights, l1, l2):
    absolute = sum(torch.linalg.vector_norm(w, 1) for w in weights)
    squared = sum(w.pow(2).sum() for w in weights)
    return losses.mean() + l1 * absolute + l2 * squared / 2
