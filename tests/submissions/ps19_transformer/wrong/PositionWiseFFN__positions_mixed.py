"""Hidden units are averaged over the positions.

Fails: equals linear, ReLU, linear, for each position by itself
Says: positions are mixed
"""


class PositionWiseFFN(nn.Module):
    def __init__(self, ffn_num_input, ffn_num_hiddens, ffn_num_outputs):
        super().__init__()
        self.dense1 = nn.Linear(ffn_num_input, ffn_num_hiddens)
        self.relu = nn.ReLU()
        self.dense2 = nn.Linear(ffn_num_hiddens, ffn_num_outputs)

    def forward(self, X):
        return (
            self.dense2(torch.relu(self.dense1(X)).mean(dim=-2, keepdim=True).expand(*X.shape[:-1], self.dense2.in_features))
            if X.dim() > 2
            else self.dense2(self.relu(self.dense1(X)))
        )
