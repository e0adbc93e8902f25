"""A list, and properties.

Fails: *
Says: does not reach its parts
"""

class EncoderDecoder(nn.Module):

    def __init__(self, encoder, decoder):
        super().__init__()
        self.parts = [encoder, decoder]

    @property
    def encoder(self):
        return self.parts[0]

    @property
    def decoder(self):
        return self.parts[1]

    def forward(self, enc_X, dec_X, *args):
        enc_outputs = self.encoder(enc_X, *args)
        state = self.decoder.init_state(enc_outputs, *args)
        return self.decoder(dec_X, state)
