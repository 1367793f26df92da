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
