"""Divided by the root of d.

Fails: equals the formula
Says: the scores are divided by the root of d
"""

def causal_self_attention(X, W_q, W_k, W_v):
    Q, K, V = X @ W_q, X @ W_k, X @ W_v
    scores = Q @ K.transpose(1, 2) / math.sqrt(W_q.shape[0])
    mask = causal_mask(X.shape[1]).to(X.device)
    return torch.softmax(scores.masked_fill(~mask, -math.inf), dim=-1) @ V
