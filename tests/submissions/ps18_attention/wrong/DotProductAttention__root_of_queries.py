"""Divides by the root of the number of queries.

Fails: equals the formula: the softmax of the scores over the root of d, times the values
Fails: sees the valid keys only, for lengths (n,) and (n, q)
Says: the scores are divided by the root of the number of queries
"""

class DotProductAttention(nn.Module):
    def __init__(self, dropout=0):
        super().__init__()
        self.dropout = nn.Dropout(dropout)

    def forward(self, queries, keys, values, valid_lens=None):
        scores = queries @ keys.transpose(1, 2) / math.sqrt(queries.shape[1])
        self.attention_weights = masked_softmax(scores, valid_lens)
        return self.dropout(self.attention_weights) @ values
