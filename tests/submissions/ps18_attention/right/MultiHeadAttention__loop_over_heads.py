"""A loop over heads, each with slices of the projections."""

class MultiHeadAttention(nn.Module):
    def __init__(self, query_size, key_size, value_size, num_hiddens, num_heads, dropout=0, bias=False):
        super().__init__()
        self.heads = num_heads
        self.attend = DotProductAttention(dropout)
        self.to_q = nn.Linear(query_size, num_hiddens, bias)
        self.to_k = nn.Linear(key_size, num_hiddens, bias)
        self.to_v = nn.Linear(value_size, num_hiddens, bias)
        self.mix = nn.Linear(num_hiddens, num_hiddens, bias)

    def forward(self, queries, keys, values, valid_lens=None):
        parts = [layer(X).chunk(self.heads, dim=-1) for layer, X in ((self.to_q, queries), (self.to_k, keys), (self.to_v, values))]
        return self.mix(torch.cat([self.attend(q, k, v, valid_lens) for q, k, v in zip(*parts)], dim=-1))
