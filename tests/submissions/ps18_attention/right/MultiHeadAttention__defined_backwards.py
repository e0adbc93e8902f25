"""W_o first; shows the attention weights as a property; lengths by expand."""


class MultiHeadAttention(nn.Module):
    def __init__(self, query_size, key_size, value_size, num_hiddens, num_heads, dropout=0, bias=False):
        super().__init__()
        self.num_heads = num_heads
        self.attention = DotProductAttention(dropout)
        self.W_o = nn.Linear(num_hiddens, num_hiddens, bias=bias)
        self.W_v = nn.Linear(value_size, num_hiddens, bias=bias)
        self.W_k = nn.Linear(key_size, num_hiddens, bias=bias)
        self.W_q = nn.Linear(query_size, num_hiddens, bias=bias)

    @property
    def attention_weights(self):
        return self.attention.attention_weights

    def forward(self, queries, keys, values, valid_lens=None):
        Q, K, V = (transpose_qkv(f(X), self.num_heads) for f, X in ((self.W_q, queries), (self.W_k, keys), (self.W_v, values)))
        if valid_lens is not None and valid_lens.dim() == 1:
            valid_lens = valid_lens[:, None].expand(-1, self.num_heads).reshape(-1)
        elif valid_lens is not None:
            valid_lens = valid_lens[:, None, :].expand(-1, self.num_heads, -1).reshape(-1, queries.shape[1])
        out = self.attention(Q, K, V, valid_lens)
        return self.W_o(transpose_output(out, self.num_heads))
