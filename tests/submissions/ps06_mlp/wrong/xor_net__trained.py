"""Trained by gradient descent, not set by hand.

Fails: *
"""

def xor_net():
    torch.manual_seed(1)
    X = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    params = [torch.randn(2, 8), torch.zeros(8), torch.randn(8, 2), torch.zeros(2)]
    for p in params:
        p.requires_grad_()
    for _ in range(300):
        scores = torch.relu(X @ params[0] + params[1]) @ params[2] + params[3]
        torch.nn.functional.cross_entropy(scores, torch.tensor([0, 1, 1, 0])).backward()
        with torch.no_grad():
            for p in params:
                p -= 0.5 * p.grad
                p.grad.zero_()
    return [p.detach() for p in params]
