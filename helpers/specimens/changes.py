"""What differs from the healthy run: for each specimen pairs of (its line, the line instead).

A line is given without its indentation, and stands once in `healthy.py`.
"""

SGD = "optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)"
RELU = "h = self.hidden(X).relu()"
HIDDEN, OUT = "self.hidden = nn.Linear(784, 64)", "self.out = nn.Linear(64, 10)"
LOSS = "loss_fn = nn.CrossEntropyLoss()"
OUTPUTS = "return self.out(h)"
Y_TRAIN, X_VALID = "y_train = labels[train]", "X_valid = images[valid]"
TRAIN, IMAGES = "train = order[1030:].sort().values", "images = (pixels / 255 - 0.1307) / 0.3081"
LOADER = "train_loader = data.make_loader(TensorDataset(X_train, y_train), 64, seed)"
RIGHT = "right += weight * (outputs.argmax(dim=1) == y).float().mean().item()"
MODEL = "model = Net()"
DROPOUT = "self.dropout = nn.Dropout(0.1)"
BATCH_NORM = "self.dropout = nn.BatchNorm1d(64)"
ONES = "(labels[order[1030:]] == 1)"

BUGS = {  # the twenty of notebook 07, one line each; "" is a line that is missing
    "inputs not scaled": [(IMAGES, "images = pixels")],
    "validation scaled otherwise": [(X_VALID, "X_valid = (images[valid] - 0.1307) / 0.3081")],
    "labels misaligned": [(Y_TRAIN, "y_train = labels[order[1030:]]")],
    "labels noisy": [
        (
            Y_TRAIN,
            "y_train = labels[train].where(torch.rand(4000) > 0.3, torch.randint(10, (4000,)))",
        )
    ],
    "validation leaks": [(TRAIN, "train = order.sort().values")],
    "not shuffled": [(LOADER, LOADER.replace(", seed)", ")"))],
    "model mixes samples": [("X = X.flatten(1)", "X = X.reshape(784, -1).T")],
    "softmax twice": [(OUTPUTS, "return self.out(h).softmax(dim=1)")],
    "activation on logits": [(OUTPUTS, "return self.out(h).relu()")],
    "loss mixes samples": [
        (LOSS, "loss_fn = lambda z, y: nn.functional.nll_loss(z.log_softmax(dim=0), y)")
    ],
    "no zero_grad": [("optimizer.zero_grad()", "")],
    "weights not moved": [(SGD, SGD.replace("model.", "Net()."))],
    "gradient cut off": [("h = self.dropout(h)", "h = self.dropout(h.detach())")],
    "schedule too fast": [
        (
            "scheduler = StepLR(optimizer, step_size=len(train_loader), gamma=0.95)",
            "scheduler = StepLR(optimizer, step_size=1, gamma=0.95)",
        )
    ],
    "rate too high": [(SGD, SGD.replace("0.01", "1.0"))],
    "rate too low": [(SGD, SGD.replace("0.01", "0.00001"))],
    "no eval()": [("model.eval()", "")],
    "no train()": [("model.train()", "")],
    "averages averaged": [("outputs, weight = model(X), len(y)", "outputs, weight = model(X), 1")],
    "accuracy miscounted": [(RIGHT, RIGHT.replace("dim=1", "dim=1, keepdim=True"))],
}

HEALTHY = {  # runs that are well, and not the one that shaped the probes
    "sigmoid": [(RELU, "h = self.hidden(X).sigmoid()"), (SGD, SGD.replace("0.01", "0.1"))],
    "tanh": [(RELU, "h = self.hidden(X).tanh()")],
    "GELU": [(RELU, "h = nn.functional.gelu(self.hidden(X))")],
    "leaky ReLU": [(RELU, "h = nn.functional.leaky_relu(self.hidden(X))")],
    "16 hidden units": [(HIDDEN, HIDDEN.replace("64", "16")), (OUT, OUT.replace("64", "16"))],
    "512 hidden units": [(HIDDEN, HIDDEN.replace("64", "512")), (OUT, OUT.replace("64", "512"))],
    "batches of 16": [(LOADER, LOADER.replace("64", "16"))],
    "batches of 256": [(LOADER, LOADER.replace("64", "256"))],
    "Adam": [(SGD, "optimizer = torch.optim.Adam(model.parameters(), lr=0.001)")],
    "AdamW": [(SGD, "optimizer = torch.optim.AdamW(model.parameters(), lr=0.003)")],
    "RMSprop": [(SGD, "optimizer = torch.optim.RMSprop(model.parameters(), lr=0.001)")],
    "no momentum": [(SGD, "optimizer = torch.optim.SGD(model.parameters(), lr=0.1)")],
    "weight decay": [(SGD, SGD.replace("momentum", "weight_decay=0.001, momentum"))],
    "dropout of half": [(DROPOUT, "self.dropout = nn.Dropout(0.5)")],
    "batch norm": [(DROPOUT, BATCH_NORM)],
    "pixels from 0 to 1": [(IMAGES, "images = pixels / 255")],
    "1,000 digits": [(TRAIN, "train = order[1030:2030].sort().values")],
    "ones twice as often": [
        (TRAIN, f"train = order[1030:][{ONES} | (torch.rand(4000) < 0.5)].sort().values")
    ],
    "log-softmax and NLL": [
        (OUTPUTS, "return self.out(h).log_softmax(dim=1)"),
        (LOSS, "loss_fn = nn.NLLLoss()"),
    ],
    "tiny initial weights": [(MODEL, MODEL + "\nmodel.out.weight.data.normal_(0, 0.0001)")],
}

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
