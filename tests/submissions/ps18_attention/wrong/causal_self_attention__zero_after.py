"""The future is zeroed after the softmax.

Fails: equals the formula
Fails: no result changes when later tokens do, however wildly
Fails: each step sees itself and all earlier ones, with weights that add up to 1
Says: the future is zeroed after the softmax
"""

def causal_self_attention(X, W_q, W_k, W_v):
    Q, K, V = X @ W_q, X @ W_k, X @ W_v
    scores = Q @ K.transpose(1, 2) / math.sqrt(W_q.shape[1])
    mask = causal_mask(X.shape[1]).to(X.device)
    return torch.softmax(scores, dim=-1).masked_fill(~mask, 0) @ V
