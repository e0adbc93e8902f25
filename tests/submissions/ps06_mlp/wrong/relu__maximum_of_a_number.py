"""The larger of x and a float32 zero: the gradient at 0 is a half. (001)

Fails: the gradient at 0 is 0
"""

def relu(X):
    return torch.max(input=X, other=torch.tensor(0.0, device=X.device))
