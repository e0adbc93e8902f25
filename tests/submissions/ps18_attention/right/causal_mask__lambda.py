"""A lambda."""


causal_mask = lambda T: torch.arange(T)[:, None] >= torch.arange(T)
