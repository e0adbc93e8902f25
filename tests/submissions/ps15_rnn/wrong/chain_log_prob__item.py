"""Goes through NumPy, so that no gradient comes back.

Fails: gradients are right
Fails: works on the whole batch at once
"""


def chain_log_prob(pi, A, x):
    p, a = pi.detach().cpu().log(), A.detach().cpu().log()
    return torch.stack([p[row[0]] + sum((a[i, j] for i, j in zip(row[:-1], row[1:])), torch.zeros((), dtype=A.dtype)) for row in x.cpu()]).to(A)
