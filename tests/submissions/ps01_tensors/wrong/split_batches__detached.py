"""torch.tensor cuts the graph.

Fails: gradients flow through the parts
"""

def split_batches(X, size):
    return [torch.tensor(part.detach().cpu().numpy(), device=X.device) for part in X.split(size)]
