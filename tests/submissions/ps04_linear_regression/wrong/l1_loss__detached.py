"""Through NumPy: no graph.

Fails: gradients are right
"""


def l1_loss(y_hat, y):
    return torch.from_numpy(abs((y_hat - y.reshape(y_hat.shape)).detach().numpy()))
