"""A list of small layers for each head."""

class MultiHeadAttention(nn.Module):
    def __init__(self, query_size, key_size, value_size, num_hiddens, num_heads, dropout=0, bias=False):
        super().__init__()
        p = num_hiddens // num_heads
        self.q = nn.ModuleList([nn.Linear(query_size, p, bias=bias) for _ in range(num_heads)])
        self.k = nn.ModuleList([nn.Linear(key_size, p, bias=bias) for _ in range(num_heads)])
        self.v = nn.ModuleList([nn.Linear(value_size, p, bias=bias) for _ in range(num_heads)])
        self.out = nn.Linear(num_hiddens, num_hiddens, bias=bias)
        self.attention = DotProductAttention(dropout)

    def forward(self, queries, keys, values, valid_lens=None):
        heads = [self.attention(q(queries), k(keys), v(values), valid_lens) for q, k, v in zip(self.q, self.k, self.v)]
        return self.out(torch.cat(heads, dim=2))
