"""masked_fill with a large negative number: it replaces, so it holds against all scores."""

def causal_self_attention(X, W_q, W_k, W_v):
    Q, K, V = X @ W_q, X @ W_k, X @ W_v
    scores = Q @ K.permute(0, 2, 1) / math.sqrt(Q.shape[-1])
    hidden = torch.logical_not(causal_mask(X.shape[1])).to(X.device)
    return scores.masked_fill(hidden[None], -1e30).softmax(-1) @ V
