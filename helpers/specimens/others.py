"""More specimens, for the score of notebook 07, and the right name for each."""

from helpers.specimens.changes import (
    BATCH_NORM,
    BUGS,
    DROPOUT,
    HIDDEN,
    IMAGES,
    LOSS,
    MODEL,
    ONES,
    OUTPUTS,
    RELU,
    SGD,
    TRAIN,
    X_VALID,
    Y_TRAIN,
)

COUSINS = {  # other bugs, milder cases, and the same bugs in other runs: for the score
    "labels noisy: 10 %": [(Y_TRAIN, BUGS["labels noisy"][0][1].replace("0.3", "0.1"))],
    "labels noisy: 50 %": [(Y_TRAIN, BUGS["labels noisy"][0][1].replace("0.3", "0.5"))],
    "labels + 1 in training": [(Y_TRAIN, "y_train = (labels[train] + 1) % 10")],
    "leak of 5 %": [(TRAIN, "train = torch.cat([order[1030:], order[:52]]).sort().values")],
    "ones ten times as often": [
        (TRAIN, f"train = order[1030:][{ONES} | (torch.rand(4000) < 0.1)].sort().values")
    ],
    "pixels scaled by 0.5, 0.5 in validation": [
        (X_VALID, "X_valid = (pixels[valid] / 255 - 0.5) / 0.5")
    ],
    "sigmoid on the logits": [(OUTPUTS, "return self.out(h).sigmoid()")],
    "sum in place of mean": [(LOSS, 'loss_fn = nn.CrossEntropyLoss(reduction="sum")')],
    "all weights zero": [(MODEL, MODEL + "\nfor p in model.parameters(): nn.init.zeros_(p)")],
    "weights too large": [(MODEL, MODEL + "\nnn.init.normal_(model.hidden.weight)")],
    "units dead": [(MODEL, MODEL + "\nnn.init.constant_(model.hidden.bias, -100)")],
    "first layer frozen": [(MODEL, MODEL + "\nmodel.hidden.requires_grad_(False)")],
    "eight sigmoid layers": [
        (
            HIDDEN,
            HIDDEN[:14] + "nn.Sequential(nn.Linear(784, 64), *8 * [nn.Sigmoid(), "
            "nn.Linear(64, 64)])",
        )
    ],
    "no optimizer.step()": [("optimizer.step()", ""), ("scheduler.step()", "")],
    "Adam without zero_grad": [
        (SGD, "optimizer = torch.optim.Adam(model.parameters(), lr=0.001)"),
        ("optimizer.zero_grad()", ""),
    ],
    "batch norm without eval()": [(DROPOUT, BATCH_NORM), ("model.eval()", "")],
    "batch norm without train()": [(DROPOUT, BATCH_NORM), ("model.train()", "")],
    "returns its graph": [("return loss.item()", "return loss")],
    "no seed": [("torch.manual_seed(seed)", "")],
    "rate 0.000001": [(SGD, SGD.replace("0.01", "0.000001"))],
    "rate 0.3": [(SGD, SGD.replace("0.01", "0.3"))],
    "rate 3": [(SGD, SGD.replace("0.01", "3.0"))],
    "weight decay of 1": [(SGD, SGD.replace("momentum", "weight_decay=1.0, momentum"))],
    "no activation": [(RELU, "h = self.hidden(X)")],
}

STRANGERS = {  # bugs that nobody had in mind when the probes were written
    "validation labels shuffled": [("y_valid = labels[valid]", "y_valid = labels[train[:1030]]")],
    "only the last layer in the optimizer": [(SGD, SGD.replace("model.", "model.out."))],
    "dropout that eval() cannot switch off": [
        ("h = self.dropout(h)", "h = nn.functional.dropout(h, 0.5)")
    ],
    "loss of the wrong sign": [("loss = loss_fn(model(X), y)", "loss = -loss_fn(model(X), y)")],
    "no nines to learn from": [
        (TRAIN, "train = order[1030:][labels[order[1030:]] < 9].sort().values")
    ],
    "images mirrored in training": [("X_train = images[train]", "X_train = images[train].flip(3)")],
    "images blank": [(IMAGES, "images = pixels * 0 - 0.42")],
    "probabilities without their logarithm": [
        (LOSS, "loss_fn = lambda z, y: nn.functional.nll_loss(z.softmax(dim=1), y)")
    ],
    "gradients clipped to 0.001": [
        ("loss.backward()", "loss.backward()\nnn.utils.clip_grad_norm_(model.parameters(), 0.001)")
    ],
    "half of the pixels cut off": [
        ("X = X.flatten(1)", "X = X[:, :, :, :14].flatten(1).repeat(1, 2)")
    ],
    "validation on the training digits": [("valid = order[:1030]", "valid = order[1030:2060]")],
    "hidden units rounded": [(RELU, "h = (self.hidden(X) - 3).sigmoid().round()")],
}

DIAGNOSES = {  # what ails the cousins, in the words of notebook 07
    "labels noisy: 10 %": "labels noisy",
    "labels noisy: 50 %": "labels noisy",
    "labels + 1 in training": "labels misaligned",
    "leak of 5 %": "validation leaks",
    "ones ten times as often": "classes unbalanced",
    "pixels scaled by 0.5, 0.5 in validation": "validation scaled otherwise",
    "sigmoid on the logits": "activation on logits",
    "sum in place of mean": "sum, not mean",
    "all weights zero": "gradient cut off",
    "weights too large": "weights too large",
    "units dead": "gradient cut off",
    "first layer frozen": "gradient cut off",
    "eight sigmoid layers": "gradient cut off",
    "no optimizer.step()": "weights not moved",
    "Adam without zero_grad": "no zero_grad",
    "batch norm without eval()": "no eval()",
    "batch norm without train()": "no train()",
    "returns its graph": "loss keeps its graph",
    "no seed": "no seed",
    "rate 0.000001": "rate too low",
    "rate 0.3": "rate too high",
    "rate 3": "rate too high",
    "weight decay of 1": "weight decay too strong",
    "no activation": "no activation",
    "validation labels shuffled": "labels misaligned",
    "only the last layer in the optimizer": "weights not moved",
    "dropout that eval() cannot switch off": "dropout in evaluation",
    "loss of the wrong sign": "loss of the wrong sign",
    "no nines to learn from": "class missing",
    "images mirrored in training": "validation unlike training",
    "images blank": "inputs not scaled",
    "probabilities without their logarithm": "logarithm missing",
    "gradients clipped to 0.001": "gradients clipped too far",
    "half of the pixels cut off": "inputs incomplete",
    "validation on the training digits": "validation leaks",
    "hidden units rounded": "gradient cut off",
}
