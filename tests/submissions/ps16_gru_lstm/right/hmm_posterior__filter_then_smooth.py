"""The other classical way: filter forward, then correct backward with the reversed chain, in logarithms."""

def hmm_posterior(pi, A, B, obs):
    log_A, log_B = A.log(), B.log()
    filtered = []
    prior = pi.log()
    for x in obs:
        joint = prior + log_B[:, x]
        joint = joint - torch.logsumexp(joint, 0)
        filtered.append(joint)
        prior = torch.logsumexp(joint[:, None] + log_A, 0)
    smooth = [filtered[-1]]
    for joint in filtered[-2::-1]:
        pair = joint[:, None] + log_A
        total = torch.logsumexp(pair, 0)
        back = torch.where(torch.isneginf(total), total, pair - total)
        smooth.append(torch.logsumexp(back + smooth[-1], 1))
    return torch.stack(smooth[::-1])
