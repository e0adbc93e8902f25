"""Calls scaled_dot_product_attention with is_causal.

Fails: *
"""

def causal_self_attention(X, W_q, W_k, W_v):
    Q, K, V = X @ W_q, X @ W_k, X @ W_v
    return nn.functional.scaled_dot_product_attention(Q, K, V, is_causal=True)
