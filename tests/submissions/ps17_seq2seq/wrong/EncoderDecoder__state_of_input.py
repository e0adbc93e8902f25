"""The decoder's state is made from the input.

Fails: the decoder reads from the state that it makes of what the encoder has read
Says: the decoder's state is made from the input
"""

class EncoderDecoder(nn.Module):

    def __init__(self, encoder, decoder):
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder

    def forward(self, enc_X, dec_X, *args):
        enc_outputs = self.encoder(enc_X, *args)
        state = self.decoder.init_state(enc_X, *args)
        return self.decoder(dec_X, state)
