"""The loop: exact, reproducible, stoppable, resumable."""

import copy
import math
import time
from dataclasses import asdict, replace

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

from helpers import data, plots, training
from helpers.training import Config, History

SHORT = Config(num_epochs=3, valid_size=200, device="cpu")


def weights(model):
    return torch.cat([parameter.detach().flatten() for parameter in model.parameters()])


def test_the_model_is_the_article_network_and_depends_on_the_seed_alone():
    torch.manual_seed(1)
    state = torch.get_rng_state()
    model = training.make_model(replace(SHORT, seed=5))
    assert torch.equal(torch.get_rng_state(), state)
    torch.rand(3)
    assert torch.equal(weights(model), weights(training.make_model(replace(SHORT, seed=5))))
    assert not torch.equal(weights(model), weights(training.make_model(replace(SHORT, seed=6))))
    X = torch.rand(7, 1, 28, 28)
    W1, b1, W2, b2 = model.parameters()
    assert W1.shape == (128, 784) and W2.shape == (10, 128)
    torch.testing.assert_close(model(X), (X.flatten(1) @ W1.T + b1).relu() @ W2.T + b2)


@pytest.mark.parametrize(
    ("name", "kind", "settings"),
    [
        ("sgd", torch.optim.SGD, {"momentum": 0.5, "weight_decay": 0.1, "nesterov": False}),
        ("nesterov", torch.optim.SGD, {"lr": 0.02, "momentum": 0.5, "nesterov": True}),
        ("rmsprop", torch.optim.RMSprop, {"lr": 0.02, "momentum": 0, "weight_decay": 0.1}),
        ("adam", torch.optim.Adam, {"lr": 0.02, "betas": (0.9, 0.999), "weight_decay": 0.1}),
        ("adamw", torch.optim.AdamW, {"lr": 0.02, "betas": (0.9, 0.999), "weight_decay": 0.1}),
    ],
)
def test_the_optimizer_is_the_one_that_was_asked_for(name, kind, settings):
    config = replace(SHORT, optimizer=name, lr=0.02, momentum=0.5, weight_decay=0.1)
    optimizer = training.make_optimizer(training.make_model(config), config)
    assert type(optimizer) is kind
    assert {key: optimizer.param_groups[0][key] for key in settings} == settings


def test_fit_takes_another_loss_and_another_metric():
    """A line through points: squared error, and right is what is less than a tenth off."""
    generator = torch.Generator().manual_seed(0)
    X = torch.rand(300, 1, generator=generator)
    points = TensorDataset(X, 3 * X[:, 0] - 1)
    model = nn.Sequential(nn.Linear(1, 1), nn.Flatten(0))

    def near(outputs, y):
        return (outputs - y).abs() < 0.1

    config = replace(SHORT, optimizer="adamw", lr=0.1, num_epochs=20, schedule="onecycle")
    optimizer = training.make_optimizer(model, config)
    loader = data.make_loader(points, 30, seed=0)
    history = training.fit(
        model, optimizer, loader, loader, config, loss_fn=F.mse_loss, metric=near
    )
    assert history.valid_accuracies[-1] == 1 and history.valid_losses[-1] < 1e-3
    loss, share = training.evaluate(model, data.make_loader(points, 7), F.mse_loss, near)
    right = F.mse_loss(model(X), points.tensors[1]).item()
    assert math.isclose(loss, right, rel_tol=1e-4) and share == 1


def test_evaluate_counts_each_character_of_a_text_and_whole_texts_by_another_metric():
    torch.manual_seed(0)
    X, y = torch.randint(5, (11, 4)), torch.randint(5, (11, 4))

    class Texts(nn.Embedding):
        def forward(self, X):
            return super().forward(X).transpose(1, 2)  # (batch, classes, length)

    model, loader = Texts(5, 5), data.make_loader(TensorDataset(X, y), 3)
    loss, share = training.evaluate(model, loader)
    answers = model(X).argmax(dim=1)
    assert math.isclose(loss, F.cross_entropy(model(X), y).item(), rel_tol=1e-5)
    assert math.isclose(share, (answers == y).float().mean().item(), rel_tol=1e-6)
    y[:5] = answers[:5]
    loader = data.make_loader(TensorDataset(X, y), 3)
    whole = training.evaluate(model, loader, metric=lambda z, y: (z.argmax(dim=1) == y).all(dim=1))
    assert 5 / 11 <= whole[1] == (answers == y).all(dim=1).sum().item() / 11 < 1


def test_evaluate_sums_over_samples_and_leaves_the_model_as_it_was():
    torch.manual_seed(0)
    X, y = torch.randn(101, 1, 28, 28), torch.randint(10, (101,))
    model = nn.Sequential(nn.Flatten(), nn.Dropout(0.9), nn.Linear(784, 10)).train()
    loss, accuracy = training.evaluate(model, data.make_loader(TensorDataset(X, y), 10))
    assert model.training
    logits = model.eval()(X)
    assert loss == pytest.approx(F.cross_entropy(logits, y).item(), rel=1e-6)
    assert accuracy == (logits.argmax(1) == y).sum().item() / 101
    guesses = logits.argmax(1)
    few = DataLoader(TensorDataset(X, guesses), batch_size=10, sampler=range(7))
    loss, accuracy = training.evaluate(model, few)
    assert loss == pytest.approx(F.cross_entropy(logits[:7], guesses[:7]).item())
    assert accuracy == 1.0


def test_fit_takes_the_steps_that_the_formula_takes(start):
    model, optimizer, train_loader, valid_loader, config = start(replace(SHORT, num_epochs=1))
    by_hand = copy.deepcopy(model)
    _, _, same_batches, *_ = start(config)
    history = training.fit(model, optimizer, train_loader, valid_loader, config)

    velocity, total = None, 0.0
    for X, y in same_batches:
        loss = F.cross_entropy(by_hand(X), y)
        grads = torch.autograd.grad(loss, list(by_hand.parameters()))
        old = velocity or [torch.zeros_like(grad) for grad in grads]
        velocity = [0.9 * v + g for v, g in zip(old, grads, strict=True)]
        with torch.no_grad():
            for parameter, step in zip(by_hand.parameters(), velocity, strict=True):
                parameter -= 0.01 * step
        total += loss.item() * len(y)
    assert history.train_losses == [pytest.approx(total / 800, rel=1e-5)]
    torch.testing.assert_close(weights(model), weights(by_hand), rtol=1e-4, atol=1e-6)


def test_the_training_loss_is_the_mean_of_the_samples_that_the_loader_yields(start):
    model, optimizer, train_loader, valid_loader, config = start(replace(SHORT, num_epochs=1))
    optimizer.param_groups[0]["lr"] = 0.0  # all batches meet the same weights
    batches = torch.arange(96).split(64)
    few = DataLoader(train_loader.dataset, sampler=batches, batch_size=None)
    history = training.fit(model, optimizer, few, valid_loader, config)
    X, y = train_loader.dataset[torch.arange(96)]
    assert history.train_losses == [pytest.approx(F.cross_entropy(model(X), y).item(), rel=1e-6)]


def test_the_same_config_gives_the_same_bits_whatever_else_happens(start):
    plain_model, *rest = start(SHORT)
    plain = training.fit(plain_model, *rest)

    class Restless:
        def __call__(self, history):
            torch.rand(3)

    other_model, *rest = start(SHORT)
    other = training.fit(other_model, *rest, callback=Restless())
    assert torch.equal(weights(plain_model), weights(other_model))
    shown_model, *rest = start(SHORT)
    shown = training.fit(shown_model, *rest, callback=plots.LossPlot(3, live=True))
    assert torch.equal(weights(plain_model), weights(shown_model))
    assert plain.train_losses == other.train_losses == shown.train_losses
    assert plain.valid_losses == other.valid_losses == shown.valid_losses


def test_the_cosine_schedule_ends_at_zero(start):
    model, optimizer, *rest = start(replace(SHORT, schedule="cosine"))
    rates = {0: 0.01}
    for history in training.train_steps(model, optimizer, *rest):
        rates[history.num_epochs] = optimizer.param_groups[0]["lr"]
    assert rates.pop(3) == 0.01, "after the run the optimizer has its own rate again"
    assert rates == {
        epoch: pytest.approx(0.01 * (1 + math.cos(math.pi * epoch / 3)) / 2) for epoch in range(3)
    }


def test_one_cycle_rises_for_a_fifth_of_the_steps_and_falls_to_almost_nothing(start):
    """Stepped once a batch; from lr / 25 up to lr, and down to lr / 250,000, in straight lines."""
    model, optimizer, *rest = start(replace(SHORT, schedule="onecycle", lr=0.1))
    rates = []
    for history in training.train_steps(model, optimizer, *rest):
        if not history.ended:
            rates.append(optimizer.param_groups[0]["lr"])
    top = 0.2 * 39 - 1  # 3 epochs of 13 steps, counted from 0
    for step, rate in enumerate(rates):
        rising = 0.004 + (0.1 - 0.004) * step / top
        falling = 0.1 + (4e-7 - 0.1) * (step - top) / (38 - top)
        assert rate == pytest.approx(rising if step <= top else falling)
    assert len(rates) == 39 and optimizer.param_groups[0]["lr"] == 0.1
    assert optimizer.param_groups[0]["momentum"] == 0.9


@pytest.mark.parametrize("schedule", ["constant", "cosine", "onecycle"])
def test_a_schedule_means_the_same_when_fit_is_called_again(start, schedule):
    model, optimizer, *rest = start(replace(SHORT, schedule=schedule, num_epochs=2))
    runs = []
    for _ in range(2):
        rates = []
        training.fit(
            model,
            optimizer,
            *rest,
            callback=lambda history, rates=rates: rates.append(optimizer.param_groups[0]["lr"]),
        )
        runs.append(rates)
    assert runs[0] == runs[1] and max(runs[0]) > 0.009
    optimizer.param_groups[0]["lr"] = 0.002  # set by hand between two calls
    training.fit(model, optimizer, *rest, callback=lambda history: None)
    assert optimizer.param_groups[0]["lr"] == 0.002


@pytest.mark.parametrize("schedule", ["constant", "cosine", "onecycle"])
def test_a_rate_that_is_changed_on_the_way_scales_what_is_left_of_the_schedule(start, schedule):
    config = replace(SHORT, schedule=schedule)
    courses = []
    for factor in (1, 10):
        model, optimizer, *rest = start(config)
        rates = []
        for history in training.train_steps(model, optimizer, *rest):
            if history.steps == 20 and not history.ended:
                training.change_lr(optimizer, 0.01, 0.01 * factor)
            rates.append(optimizer.param_groups[0]["lr"])
        courses.append(rates)
    assert courses[1][:19] == courses[0][:19]
    assert courses[1][19:] == pytest.approx([10 * rate for rate in courses[0][19:]])


def test_record_keeps_the_best_epoch_and_stops_when_patience_ends():
    history = History()
    for loss, best, ended in ((1.0, 1, ""), (0.8, 2, ""), (0.9, 2, ""), (0.8, 2, "early")):
        history.record(loss, loss, 0.5, num_epochs=10, patience=2)
        assert (history.best_epoch, history.ended) == (best, ended)
    history = History()
    history.record(1.0, 1.0, 0.5, num_epochs=1, patience=5)
    assert history.ended == "finished"


def test_early_stopping_ends_the_run_and_puts_the_best_weights_back(start):
    model, optimizer, train_loader, valid_loader, config = start(
        replace(SHORT, lr=0.05, num_epochs=200, patience=2)
    )
    history = training.fit(model, optimizer, train_loader, valid_loader, config)
    assert history.ended == "early" and history.num_epochs == history.best_epoch + 2 < 200
    loss, accuracy = training.evaluate(model, valid_loader)
    assert loss == min(history.valid_losses)
    assert accuracy == history.valid_accuracies[history.best_epoch - 1]


@pytest.mark.parametrize("schedule", ["constant", "cosine", "onecycle"])
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_a_run_cut_off_anywhere_resumes_to_the_same_bits(start, tmp_path, optimizer, schedule):
    config = replace(SHORT, optimizer=optimizer, schedule=schedule, lr=0.01)
    whole_model, *rest = start(config)
    whole = training.fit(whole_model, *rest)
    for cut in (1, 13, 20, 38):  # 13 steps an epoch
        folder = tmp_path / f"{cut}"
        for history in training.train_steps(*start(config), run_dir=folder):
            if history.steps == cut:
                break
        model, *rest = start(config)
        resumed = training.fit(model, *rest, run_dir=folder)
        assert torch.equal(weights(model), weights(whole_model))
        own = {"seconds": 0, "resumed_at": 0}  # what may differ
        assert asdict(resumed) | own == asdict(whole) | own


def test_a_finished_run_given_again_trains_nothing(start, tmp_path):
    model, *rest = start(SHORT)
    first = training.fit(model, *rest, run_dir=tmp_path)
    again_model, *rest = start(SHORT)
    again = training.fit(again_model, *rest, run_dir=tmp_path)
    assert asdict(again) == asdict(first) | {"resumed_at": first.steps}
    assert torch.equal(weights(again_model), weights(model))


def test_folders_and_display_may_differ_between_a_run_and_its_resumption(start, tmp_path):
    training.fit(*start(SHORT), run_dir=tmp_path)
    elsewhere = replace(SHORT, run_dir="elsewhere", live=False)
    assert elsewhere == SHORT != replace(SHORT, lr=0.02)
    assert training.fit(*start(elsewhere), run_dir=tmp_path).ended == "finished"


@pytest.mark.parametrize("stop_at", [5, 30])
def test_an_interrupt_keeps_the_epochs_so_far(start, stop_at):
    seen = []

    def press_stop(history):
        seen.append(history.ended)
        if history.steps == stop_at and not history.ended:
            raise KeyboardInterrupt

    model, optimizer, train_loader, valid_loader, config = start(SHORT)
    first = weights(model).clone()
    history = training.fit(
        model, optimizer, train_loader, valid_loader, config, callback=press_stop
    )
    assert history.ended == seen[-1] == "interrupted"
    assert history.steps == stop_at and history.num_epochs == stop_at // 13
    assert not torch.equal(weights(model), first), "what was learnt is not thrown away"
    if history.num_epochs:
        assert training.evaluate(model, valid_loader)[0] == min(history.valid_losses)


@pytest.mark.parametrize("moment", [1, 2])
def test_an_interrupt_just_after_an_epoch_was_recorded_leaves_a_usable_model(
    start, monkeypatch, moment
):
    record = History.record

    def interrupted(history, *args, **ends):
        record(history, *args, **ends)
        if history.num_epochs == moment:
            raise KeyboardInterrupt

    monkeypatch.setattr(History, "record", interrupted)
    parts = start(SHORT)
    assert training.fit(*parts).ended == "interrupted"
    assert weights(parts[0]).isfinite().all()


def test_a_callback_that_fails_leaves_the_best_weights_at_once(start):
    def fail(history):
        if history.num_epochs == 2:
            seen.append(min(history.valid_losses))
            raise OSError("disk full")

    parts, seen = start(SHORT), []
    with pytest.raises(OSError, match="disk full") as raised:
        training.fit(*parts, callback=fail)
    assert training.evaluate(parts[0], parts[3])[0] == seen[0] and raised.tb


def test_a_loader_without_a_generator_cannot_be_saved_and_says_so_first(start, tmp_path):
    model, optimizer, train_loader, valid_loader, config = start(SHORT)
    loader = torch.utils.data.DataLoader(train_loader.dataset, batch_size=None)
    with pytest.raises(ValueError, match="must have a generator, got None"):
        training.fit(model, optimizer, loader, valid_loader, config, run_dir=tmp_path / "a")


def test_the_clock_stands_still_while_the_caller_is_busy(start):
    parts, began = start(SHORT), time.perf_counter()
    history = training.fit(*parts, callback=lambda history: history.steps % 10 or time.sleep(0.2))
    took = time.perf_counter() - began
    assert 0 < history.seconds < took - 0.6  # three naps of 0.2 s are not in it


def test_divergence_stops_with_the_rate_and_what_to_try(start):
    parts, seen = start(SHORT), []
    parts[2].dataset.tensors[0][0] = math.nan
    with pytest.raises(FloatingPointError, match=r"by step 12, with lr 0\.01; try lr 0\.001"):
        training.fit(*parts, callback=lambda history: seen.append(history.ended))
    assert seen[-1] == "diverged"


def test_divergence_keeps_the_last_good_epoch(start, tmp_path):
    """In the second epoch all pixels are lost: the first one's checkpoint and weights stay."""
    parts = start(SHORT)
    plot = plots.LossPlot(SHORT.num_epochs, publish=lambda picture: None)

    def spoil(history):
        if history.num_epochs == 1:
            parts[2].dataset.tensors[0][:] = math.nan
        plot(history)

    with pytest.raises(FloatingPointError, match="by step 15, "):
        training.fit(*parts, callback=spoil, run_dir=tmp_path)
    saved = training.load_checkpoint(tmp_path)
    assert len(saved["history"]["valid_losses"]) == 1 and saved["history"]["ended"] == ""
    for name, value in parts[0].state_dict().items():
        assert value.isfinite().all() and torch.equal(value, saved["best_weights"][name])
        assert torch.equal(value, saved["model"][name])
    assert plot.figure.get_suptitle().startswith("Training diverged. Lowest validation loss after")


def test_divergence_does_not_wait_for_the_end_of_a_long_epoch(start):
    parts = start(replace(SHORT, batch_size=1))
    parts[2].dataset.tensors[0][:] = math.nan
    with pytest.raises(FloatingPointError, match=r"by step 1, .*; look for NaN in the inputs"):
        training.fit(*parts)


def test_ignored_labels_are_not_blamed_on_the_rate(start):
    parts = start(SHORT)
    parts[2].dataset.tensors[1][:] = -100
    with pytest.raises(FloatingPointError, match="labels that are ignored"):
        training.fit(*parts)


def test_a_loader_without_samples_is_rejected(start):
    model, optimizer, _, valid_loader, config = start(SHORT)
    empty = data.make_loader(TensorDataset(torch.zeros(0, 1, 28, 28), torch.zeros(0).long()), 10)
    with pytest.raises(ValueError, match="train_loader must have at least one batch, got none"):
        training.fit(model, optimizer, empty, valid_loader, config)
    with pytest.raises(ValueError, match="must have at least one sample, got none"):
        training.evaluate(model, empty)
