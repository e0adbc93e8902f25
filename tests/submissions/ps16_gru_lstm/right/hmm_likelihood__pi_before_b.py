"""The recursion of 004, in which the factor B of a step comes with the step after it; a float is returned."""

def hmm_likelihood(pi, A, B, obs):
    log_pi_t = pi.log()
    for x in obs[:-1].tolist():
        log_pi_t = torch.logsumexp((log_pi_t + B[:, x].log()).unsqueeze(1) + A.log(), 0)
    return torch.logsumexp(log_pi_t + B[:, obs[-1]].log(), 0).item()
