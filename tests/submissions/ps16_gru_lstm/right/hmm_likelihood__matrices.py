"""One matrix of logarithms for each step, multiplied from the left in logarithms; a tensor of float64."""


def hmm_likelihood(pi, A, B, obs):
    steps = A.double().log()[None] + B.double().log().T[obs][:, None]
    row = pi.double().log() + B.double().log()[:, obs[0]]
    for step in steps[1:]:
        row = (row.unsqueeze(-1) + step).logsumexp(-2)
    return row.logsumexp(-1)
