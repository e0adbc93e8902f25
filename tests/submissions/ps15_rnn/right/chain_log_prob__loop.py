"""One step of all sequences after the other."""


def chain_log_prob(pi, A, x):
    total = torch.log(pi[x[:, 0]])
    for t in range(1, x.shape[1]):
        total = total + torch.log(A[x[:, t - 1], x[:, t]])
    return total
