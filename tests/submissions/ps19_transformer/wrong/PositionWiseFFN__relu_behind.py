"""The ReLU stands behind the second layer.

Fails: equals linear, ReLU, linear, for each position by itself
Says: behind the second layer
"""


class PositionWiseFFN(nn.Module):
    def __init__(self, ffn_num_input, ffn_num_hiddens, ffn_num_outputs):
        super().__init__()
        self.dense1 = nn.Linear(ffn_num_input, ffn_num_hiddens)
        self.relu = nn.ReLU()
        self.dense2 = nn.Linear(ffn_num_hiddens, ffn_num_outputs)

    def forward(self, X):
        return torch.relu(self.dense2(self.dense1(X)))
