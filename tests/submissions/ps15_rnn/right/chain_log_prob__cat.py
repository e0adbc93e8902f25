"""All factors in one tensor, whose logarithms are added up."""


def chain_log_prob(pi, A, x):
    first = pi[x[:, :1]]
    steps = A[x[:, :-1], x[:, 1:]]
    return torch.cat([first, steps], dim=1).log().sum(-1)
