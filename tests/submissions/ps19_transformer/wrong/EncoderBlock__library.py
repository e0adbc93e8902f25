"""Wraps nn.TransformerEncoderLayer.

Fails: *
"""


class EncoderBlock(nn.Module):
    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads, dropout=0, use_bias=False):
        super().__init__()
        self.layer = nn.TransformerEncoderLayer(num_hiddens, num_heads, ffn_num_hiddens, dropout, batch_first=True)

    def forward(self, X, valid_lens=None):
        return self.layer(X)
