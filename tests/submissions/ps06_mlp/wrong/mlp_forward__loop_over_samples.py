"""One sample at a time.

Fails: works on all samples at once
"""

def mlp_forward(X, params):
    rows = []
    for x in X:
        for W, b in zip(params[:-2:2], params[1:-2:2]):
            x = torch.relu(x @ W + b)
        rows.append(x @ params[-2] + params[-1])
    return torch.stack(rows)
