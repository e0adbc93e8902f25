"""Scales the queries in place.

Fails: leaves its inputs unchanged
Says: was changed by the call
"""

class DotProductAttention(nn.Module):
    def __init__(self, dropout=0):
        super().__init__()
        self.dropout = nn.Dropout(dropout)

    def forward(self, queries, keys, values, valid_lens=None):
        queries /= math.sqrt(queries.shape[-1])
        scores = queries @ keys.transpose(1, 2)
        self.attention_weights = masked_softmax(scores, valid_lens)
        return self.dropout(self.attention_weights) @ values
