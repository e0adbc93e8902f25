"""A logsumexp of one's own, for which -inf minus -inf is NaN.

Fails: probabilities may be 0: −inf for what cannot happen, never NaN
"""

def hmm_likelihood(pi, A, B, obs):
    def logsumexp(x):
        m = x.max(dim=0).values
        return m + torch.log(torch.exp(x - m).sum(dim=0))

    alpha = pi.log() + B[:, obs[0]].log()
    for x in obs[1:]:
        alpha = logsumexp(alpha[:, None] + A.log()) + B[:, x].log()
    return logsumexp(alpha)
