"""An inner function for one epoch."""


def train_detector(net, data_iter, num_epochs, optimizer):
    def epoch():
        metric = torch.zeros(2, dtype=torch.float64)
        for features, target in data_iter:
            anchors, cls_preds, bbox_preds = net(features)
            bbox_labels, bbox_masks, cls_labels = multibox_target(anchors, target)
            l = calc_loss(cls_preds, cls_labels, bbox_preds, bbox_labels, bbox_masks)
            for group in optimizer.param_groups:
                for p in group["params"]:
                    p.grad = None
            (l.sum() / len(l)).backward()
            optimizer.step()
            metric += torch.tensor([float(l.sum()), len(l)], dtype=torch.float64)
        return float(metric[0] / metric[1])

    net.train()
    return [epoch() for _ in range(num_epochs)]
