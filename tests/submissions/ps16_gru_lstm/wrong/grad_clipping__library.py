"""torch.nn.utils.clip_grad_norm_.

Fails: *
"""

def grad_clipping(params, theta):
    return torch.nn.utils.clip_grad_norm_(params, theta)
