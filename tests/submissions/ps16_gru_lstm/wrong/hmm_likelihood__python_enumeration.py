"""Adds up all paths with plain floats, where no operator is seen.

Fails: 500 symbols take 500 steps, not one for each path
Fails: stays finite for 500 symbols
"""

import itertools
import math

def hmm_likelihood(pi, A, B, obs):
    pi, A, B, obs = pi.tolist(), A.tolist(), B.tolist(), obs.tolist()
    total = 0.0
    for path in itertools.product(range(len(pi)), repeat=len(obs)):
        p = pi[path[0]] * B[path[0]][obs[0]]
        for t in range(1, len(obs)):
            p *= A[path[t - 1]][path[t]] * B[path[t]][obs[t]]
        total += p
    return math.log(total) if total > 0 else -math.inf
