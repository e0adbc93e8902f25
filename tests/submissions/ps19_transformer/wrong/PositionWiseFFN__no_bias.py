"""The second layer has no bias.

Fails: has two linear layers with biases, of the sizes in the text
"""


class PositionWiseFFN(nn.Module):
    def __init__(self, ffn_num_input, ffn_num_hiddens, ffn_num_outputs):
        super().__init__()
        self.dense1 = nn.Linear(ffn_num_input, ffn_num_hiddens)
        self.relu = nn.ReLU()
        self.dense2 = nn.Linear(ffn_num_hiddens, ffn_num_outputs, bias=False)

    def forward(self, X):
        return self.dense2(self.relu(self.dense1(X)))
