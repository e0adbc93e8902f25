"""Fills with -10: the future shines through.

Fails: equals the formula
Fails: no result changes when later tokens do, however wildly
Fails: gradients are right
Says: change when later tokens do
"""

def causal_self_attention(X, W_q, W_k, W_v):
    Q, K, V = X @ W_q, X @ W_k, X @ W_v
    scores = Q @ K.transpose(1, 2) / math.sqrt(W_q.shape[1])
    mask = causal_mask(X.shape[1]).to(X.device)
    return torch.softmax(scores.masked_fill(~mask, -10.0), dim=-1) @ V
