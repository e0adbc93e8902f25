"""Keeps the weights in the class: all objects share them.

Fails: keeps the weights of the last call, before dropout, in attention_weights
Says: attention_weights of one object are those of another
"""


class DotProductAttention(nn.Module):
    def __init__(self, dropout=0):
        super().__init__()
        self.dropout = nn.Dropout(dropout)

    def forward(self, queries, keys, values, valid_lens=None):
        scores = queries @ keys.transpose(1, 2) / math.sqrt(queries.shape[-1])
        DotProductAttention.attention_weights = masked_softmax(scores, valid_lens)
        return self.dropout(DotProductAttention.attention_weights) @ values
