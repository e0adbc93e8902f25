"""One step of the future is visible.

Fails: equals the formula
Fails: no result changes when later tokens do, however wildly
Says: one step of the future is visible
"""

def causal_self_attention(X, W_q, W_k, W_v):
    Q, K, V = X @ W_q, X @ W_k, X @ W_v
    scores = Q @ K.transpose(1, 2) / math.sqrt(W_q.shape[1])
    mask = torch.ones(X.shape[1], X.shape[1]).tril(1).bool().to(X.device)
    return torch.softmax(scores.masked_fill(~mask, -math.inf), dim=-1) @ V
