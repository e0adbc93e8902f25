"""Each step sees only itself.

Fails: equals the formula
Fails: each step sees itself and all earlier ones, with weights that add up to 1
Says: each step sees only itself
"""

def causal_self_attention(X, W_q, W_k, W_v):
    Q, K, V = X @ W_q, X @ W_k, X @ W_v
    scores = Q @ K.transpose(1, 2) / math.sqrt(W_q.shape[1])
    mask = torch.eye(X.shape[1]).bool().to(X.device)
    return torch.softmax(scores.masked_fill(~mask, -math.inf), dim=-1) @ V
