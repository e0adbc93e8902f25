"""Lazy layers, in a ModuleDict."""

class AdditiveAttention(nn.Module):
    def __init__(self, query_size, key_size, num_hiddens, dropout=0):
        super().__init__()
        self.layers = nn.ModuleDict({name: nn.LazyLinear(size, bias=False) for name, size in (("k", num_hiddens), ("q", num_hiddens), ("v", 1))})
        self.dropout = nn.Dropout(dropout)

    def forward(self, queries, keys, values, valid_lens=None):
        features = torch.tanh(self.layers["q"](queries)[:, :, None, :] + self.layers["k"](keys)[:, None, :, :])
        self.attention_weights = masked_softmax(self.layers["v"](features)[..., 0], valid_lens)
        return self.dropout(self.attention_weights) @ values
