"""A view of the keys in another shape in the place of a transpose.

Fails: equals the formula: the softmax of the scores over the root of d, times the values
Fails: sees the valid keys only, for lengths (n,) and (n, q)
"""

class DotProductAttention(nn.Module):
    def __init__(self, dropout=0):
        super().__init__()
        self.dropout = nn.Dropout(dropout)

    def forward(self, queries, keys, values, valid_lens=None):
        scores = queries @ keys.reshape(keys.shape[0], keys.shape[2], keys.shape[1]) / math.sqrt(queries.shape[-1])
        self.attention_weights = masked_softmax(scores, valid_lens)
        return self.dropout(self.attention_weights) @ values
