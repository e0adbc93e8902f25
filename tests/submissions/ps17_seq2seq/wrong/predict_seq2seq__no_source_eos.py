"""The source without <eos>.

Fails: the encoder reads the sentence in lower case, with <eos>, cut or padded to num_steps
Says: <eos> is missing behind the source
"""

def predict_seq2seq(net, src_sentence, src_vocab, tgt_vocab, num_steps):
    net.eval()
    words = src_sentence.lower().split(" ")
    X = torch.tensor([truncate_pad(src_vocab[words], num_steps, src_vocab["<pad>"])])
    valid_len = torch.tensor([min(len(words) + 1, num_steps)])
    token, tokens = tgt_vocab["<bos>"], []
    with torch.no_grad():
        state = net.decoder.init_state(net.encoder(X, valid_len), valid_len)
        for _ in range(num_steps):
            logits, state = net.decoder(torch.tensor([[token]]), state)
            token = int(logits[0, 0].argmax())
            if token == tgt_vocab["<eos>"]:
                break
            tokens.append(token)
    return " ".join(tgt_vocab.to_tokens(tokens))
