"""By the recursion that runs backward; float64 inside, shape (1,) at the end."""

def hmm_likelihood(pi, A, B, obs):
    lA, lB = A.double().log(), B.double().log()
    rho = torch.zeros(len(pi), dtype=torch.float64, device=pi.device)
    for x in obs.flip(0)[:-1]:
        rho = torch.logsumexp(lA + (lB[:, x] + rho)[None, :], dim=1)
    return torch.logsumexp(pi.double().log() + lB[:, obs[0]] + rho, dim=0, keepdim=True).to(pi.dtype)
