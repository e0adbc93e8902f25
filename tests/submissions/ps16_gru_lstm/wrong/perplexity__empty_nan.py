"""An empty mask gives NaN.

Fails: is 1 where nothing counts, and +inf where the model rules out what happens
"""

def perplexity(log_probs, mask):
    return torch.exp(-log_probs[mask].mean()).item()
