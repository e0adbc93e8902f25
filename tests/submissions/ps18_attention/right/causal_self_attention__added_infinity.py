"""Adds minus infinity above the diagonal."""

def causal_self_attention(X, W_q, W_k, W_v):
    T = X.shape[1]
    Q, K, V = torch.matmul(X, W_q), torch.matmul(X, W_k), torch.matmul(X, W_v)
    future = torch.full((T, T), float("-inf"), device=X.device, dtype=X.dtype).triu(diagonal=1)
    A = nn.functional.softmax(Q @ K.mT * W_q.shape[-1] ** -0.5 + future, -1)
    return A @ V
