"""Lists and math, with a logsumexp of one's own that knows about -inf."""

import math

def hmm_likelihood(pi, A, B, obs):
    def log(p):
        return math.log(p) if p > 0 else -math.inf

    def logsumexp(values):
        m = max(values)
        return m if m == -math.inf else m + math.log(sum(math.exp(v - m) for v in values))

    pi, A, B, obs = pi.tolist(), A.tolist(), B.tolist(), obs.tolist()
    states = range(len(pi))
    alpha = [log(pi[i]) + log(B[i][obs[0]]) for i in states]
    for x in obs[1:]:
        alpha = [logsumexp([alpha[i] + log(A[i][j]) for i in states]) + log(B[j][x]) for j in states]
    return logsumexp(alpha)
