"""Computes in float32.

Fails: gradients are right
Fails: keeps the dtype, and takes numbers in any memory order
"""

def causal_self_attention(X, W_q, W_k, W_v):
    X, W_q, W_k, W_v = X.float(), W_q.float(), W_k.float(), W_v.float()
    Q, K, V = X @ W_q, X @ W_k, X @ W_v
    scores = Q @ K.transpose(1, 2) / math.sqrt(W_q.shape[1])
    mask = causal_mask(X.shape[1]).to(X.device)
    return torch.softmax(scores.masked_fill(~mask, -math.inf), dim=-1) @ V
