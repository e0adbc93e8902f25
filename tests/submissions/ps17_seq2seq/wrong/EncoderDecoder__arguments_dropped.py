"""Further arguments are dropped.

Fails: hands all further arguments to the encoder and to init_state
Says: neither encoder nor init_state gets the further arguments
"""

class EncoderDecoder(nn.Module):

    def __init__(self, encoder, decoder):
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder

    def forward(self, enc_X, dec_X, *args):
        enc_outputs = self.encoder(enc_X)
        state = self.decoder.init_state(enc_outputs)
        return self.decoder(dec_X, state)
