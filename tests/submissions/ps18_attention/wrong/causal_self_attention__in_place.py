"""Scales W_q in place.

Fails: leaves its inputs unchanged
Fails: gradients are right
Says: was changed by the call
"""

def causal_self_attention(X, W_q, W_k, W_v):
    W_q /= math.sqrt(W_q.shape[1])
    Q, K, V = X @ W_q, X @ W_k, X @ W_v
    scores = Q @ K.transpose(1, 2)
    mask = causal_mask(X.shape[1]).to(X.device)
    return torch.softmax(scores.masked_fill(~mask, -math.inf), dim=-1) @ V
