"""Keeps the repeated lengths of the first call.

Fails: sees the valid keys only, in every head, for lengths (n,) and (n, q)
Fails: works on the whole batch at once
"""


class MultiHeadAttention(nn.Module):
    def __init__(self, query_size, key_size, value_size, num_hiddens, num_heads, dropout=0, bias=False):
        super().__init__()
        self.num_heads, self.lens = num_heads, None
        self.attention = DotProductAttention(dropout)
        self.W_q = nn.Linear(query_size, num_hiddens, bias=bias)
        self.W_k = nn.Linear(key_size, num_hiddens, bias=bias)
        self.W_v = nn.Linear(value_size, num_hiddens, bias=bias)
        self.W_o = nn.Linear(num_hiddens, num_hiddens, bias=bias)

    def forward(self, queries, keys, values, valid_lens=None):
        Q = transpose_qkv(self.W_q(queries), self.num_heads)
        K = transpose_qkv(self.W_k(keys), self.num_heads)
        V = transpose_qkv(self.W_v(values), self.num_heads)
        if valid_lens is not None and self.lens is None:
            self.lens = valid_lens.repeat_interleave(self.num_heads, dim=0)
        lens = self.lens if valid_lens is not None else None
        return self.W_o(transpose_output(self.attention(Q, K, V, lens), self.num_heads))
