"""Calls scaled_dot_product_attention.

Fails: *
"""

class DotProductAttention(nn.Module):
    def __init__(self, dropout=0):
        super().__init__()
        self.dropout = nn.Dropout(dropout)

    def forward(self, queries, keys, values, valid_lens=None):
        mask = None
        if valid_lens is not None:
            mask = (torch.arange(keys.shape[1], device=keys.device) < valid_lens.reshape(len(keys), -1, 1)).expand(-1, queries.shape[1], -1)
        self.attention_weights = masked_softmax(queries @ keys.transpose(1, 2) / math.sqrt(queries.shape[-1]), valid_lens)
        return nn.functional.scaled_dot_product_attention(queries, keys, values, attn_mask=mask, dropout_p=self.dropout.p if self.training else 0.0)
