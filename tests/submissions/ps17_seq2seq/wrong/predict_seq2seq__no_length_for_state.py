"""init_state does not get the valid length.

Fails: encoder and init_state get the valid length
Says: init_state should be called once
"""

def predict_seq2seq(net, src_sentence, src_vocab, tgt_vocab, num_steps):
    net.eval()
    X, valid_len = build_array_nmt([src_sentence.lower().split(" ")], src_vocab, num_steps)
    token, tokens = tgt_vocab["<bos>"], []
    with torch.no_grad():
        state = net.decoder.init_state(net.encoder(X, valid_len))
        for _ in range(num_steps):
            logits, state = net.decoder(torch.tensor([[token]]), state)
            token = int(logits[0, 0].argmax())
            if token == tgt_vocab["<eos>"]:
                break
            tokens.append(token)
    return " ".join(tgt_vocab.to_tokens(tokens))
