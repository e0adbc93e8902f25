"""Four layers in a list; the lengths are stacked for the heads."""


class MultiHeadAttention(nn.Module):
    def __init__(self, query_size, key_size, value_size, num_hiddens, num_heads, dropout=0, bias=False):
        super().__init__()
        self.num_heads, self.attention = num_heads, DotProductAttention(dropout)
        self.W = nn.ModuleList(nn.Linear(s, num_hiddens, bias=bias) for s in (query_size, key_size, value_size, num_hiddens))

    def forward(self, queries, keys, values, valid_lens=None):
        H = self.num_heads
        qkv = [transpose_qkv(f(x), H) for f, x in zip(self.W, (queries, keys, values))]
        if valid_lens is not None:
            valid_lens = torch.stack([valid_lens] * H, 1).flatten(0, 1)
        return self.W[3](transpose_output(self.attention(*qkv, valid_lens), H))
