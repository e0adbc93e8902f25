"""With the relu of 2.1."""

def mlp_forward(X, params):
    params = list(params)
    while len(params) > 2:
        W, b = params.pop(0), params.pop(0)
        X = relu(X @ W + b)
    return X @ params[0] + params[1]
