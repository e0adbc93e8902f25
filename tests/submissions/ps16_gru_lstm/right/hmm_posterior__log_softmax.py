"""Normalises with log_softmax, and writes the recursions with broadcasting over B."""

def hmm_posterior(pi, A, B, obs):
    lA, lB = torch.log(A), torch.log(B)
    forward = []
    current = torch.log(pi)
    for x in obs:
        current = current + lB[:, x]
        forward.append(current)
        current = torch.logsumexp(current[:, None] + lA, 0)
    backward = []
    current = torch.zeros(len(pi), dtype=pi.dtype, device=pi.device)
    for x in obs.flip(0):
        backward.append(current)
        current = torch.logsumexp(lA + (lB[:, x] + current)[None, :], 1)
    joint = torch.stack(forward) + torch.stack(backward[::-1])
    return torch.log_softmax(joint, dim=1)
