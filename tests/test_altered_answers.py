"""Right answers with one thing changed: the checkers turn them down, with listed exceptions."""

import pytest
from altered import altered
from test_exercises import EXERCISES, answers, each_exercise, verdict_of

EVEN = "the cosine of -x is that of x"
PRODUCT = "the two factors of a product swap their names"
MODEL = "this model answers alike in training and after it, and its own gradients aren't used"
GIVEN = "that is the sick function which was given, and it counts as not attempted"
SQUARE = "a square has no sign"
LAST = "the last dimension of a vector is its first"
DEVIATIONS = "the deviations of the other factor add up to 0, so this one needs no mean"
EDGE = "no interval ends at exactly 0"
SYMMETRY = "from a to b it is as far as from b to a"
STILL_RIGHT = {  # {checker's call: {end of the change: why it is right all the same}}
    "check.numerical_gradient(numerical_gradient)": {
        "units = torch.eye(len(x))": "h in float32 is h, up to its eighth digit",
    },
    "check.lowest_loss(lowest_loss)": {
        "z = torch.full((num_classes,), low)": "low is a float already",
    },
    "check.warm_cosine(warm_cosine)": {
        "share = (num_warm - t) / (total - num_warm)": EVEN,
        "share = (t - num_warm) / (num_warm - total)": EVEN,
        "angle = math.pi * max(0, t - num_warm) / (num_warm - total)": EVEN,
    },
    "check.clip(clip)": {
        "max_norm / norm if norm >= max_norm else 1.0": "at the norm itself both factors are 1",
        "(max_norm / norm if norm >= max_norm else 1.0)": "at the norm itself both factors are 1",
    },
    "check.mean_loss(mean_loss)": {
        "for size, loss in zip(batch_losses, batch_sizes)))": PRODUCT,
        "for loss, size in zip(batch_sizes, batch_losses)))": PRODUCT,
        "return (losses * sizes).sum() / sizes.sum()": "a tensor of one number is one number, too",
    },
    "check.batches(batches)": {
        "return order.split(batch_size)": "a tuple of tensors serves like a list of them",
    },
    "check.precision(precision)": {
        ".nan_to_num()": "float32 is as right as float16",
    },
    "check.shard(shard)": {
        "rank + processes * torch.arange(length) - len(order)": "negative ones count from the end",
    },
    "check.average(average)": {
        "for g, size in zip(sizes, gradients)]": PRODUCT,
        "for size, g in zip(gradients, sizes)]": PRODUCT,
    },
    "check.likely(likely)": {
        "p[best] = (logits[best] / temperature).softmax(dim=-1)": LAST,
        "return kept.softmax(dim=-1)": LAST,
    },
    "check.causal(causal)": {
        "row[:i + 1].softmax(dim=-1)": LAST,
    },
    "check.edits(edits)": {
        "replaced = edits(b[1:], a[1:]) + (a[0] != b[0])": SYMMETRY,
        "return min(edits(b, a[1:]) + 1, edits(a, b[1:]) + 1, replaced)": SYMMETRY,
        "return min(edits(a[1:], b) + 1, edits(b[1:], a) + 1, replaced)": SYMMETRY,
    },
    "check.fool(fool)": {
        "model.eval() → pass": MODEL,
        "model.eval() → model": MODEL,
        "model.zero_grad() → pass": MODEL,
        "model.zero_grad() → model": MODEL,
    },
    "check.verdict(verdict)": {
        "if mean - half >= 0:": EDGE,
        "if mean + half <= 0:": EDGE,
        "if abs(score) < t:": EDGE,
        "return 'better' if score >= 0 else 'worse'": EDGE,
    },
    "check.samples_needed(samples_needed)": {
        "dx, dy = (x - x.mean(), y + y.mean())": DEVIATIONS,
        "dx, dy = (x - x.mean(), y - y.sum())": DEVIATIONS,
    },
    "check.step_operations(step_operations)": {
        "products = [2 * batch * a * b for b, a in zip(sizes, sizes[1:])]": PRODUCT,
        "products = [2 * batch * a * b for a, b in zip(sizes[1:], sizes)]": PRODUCT,
        "for layer, (b, a) in enumerate(zip(sizes, sizes[1:])):": PRODUCT,
        "for layer, (a, b) in enumerate(zip(sizes[1:], sizes)):": PRODUCT,
    },
    "check.train_epochs(train_epochs)": {
        "param_groups[-1]['lr'])": "there is one group of parameters",
    },
    "check.train_and_report(train_and_report)": {
        "model.train() → pass": GIVEN,
        "model.train() → model": GIVEN,
        "model.train(True) → pass": GIVEN,
        "model.train(True) → model": GIVEN,
    },
    "check.train_regression(train_regression)": {
        "(y - model(X).squeeze(dim=1)).square().mean()": SQUARE,
        "F.mse_loss(y[:, None], model(X))": SQUARE,
        "(model(X).squeeze() - y).square().mean()": "no other axis has the length 1",
        "(model(X) - y).square().mean()": GIVEN,
        "(model(X).squeeze(dim=0) - y).square().mean()": GIVEN,
        "F.mse_loss(model(X), y[None, :])": GIVEN,
    },
}
DIRECTION = "a gradient of exactly 0 names no direction: the exercise doesn't say what to do"
NOT_ASKED = {  # {checker's call: {end of the change: why its other results are accepted}}
    "check.fool(fool)": {
        "(images + eps / gradient.sign()).clamp(0, 1).detach()": DIRECTION,
        "eps / images.grad.sign(), 0, 1)": DIRECTION,
    },
}


@pytest.mark.filterwarnings("ignore")  # a warning stops no reader's answer
@each_exercise
def test_altered_answers_are_turned_down(notebook, call):
    sources = (EXERCISES[notebook, call][1], answers(notebook).RIGHT_ANSWERS[call])
    tried = [pair for source in sources for pair in altered(source)]
    accepted = [
        note for note, source in tried if verdict_of(notebook, call, source).status != "wrong"
    ]
    same, other = STILL_RIGHT.get(call, {}), NOT_ASKED.get(call, {})
    for note in accepted:
        assert any(map(note.endswith, (*same, *other))), f"accepted: {note}"
    for end in (*same, *other):
        assert sum(note.endswith(end) for note in accepted) == 1, f"not accepted once: {end}"
    assert 20 * len(other) <= len(tried) - len(same), "more than one in twenty"


@pytest.mark.parametrize(
    ("line", "changed"),
    [
        ("return a - b", ["a + b", "a * b", "a / b", "b - a"]),
        ("return a * 2", ["a + 2", "a - 2", "a / 2", "a * 1", "a * 3"]),
        ("return a <= 0", ["a < 0", "a > 0", "a >= 0", "a <= -1", "a <= 1"]),
        ("return -max(a, b)", ["max(a, b)", "-min(a, b)", "-a"]),
        ("return a.sum(dim=0)", ["a.mean(dim=0)", "a.sum(dim=-1)", "a.sum(dim=1)", "a.sum()", "a"]),
        ("return F.f(a, b)", ["F.f(b, a)", "a"]),
        ("return a if b else 5", ["a", "5"]),
        ("return a[:, None]", ["a[None, :]"]),
        ("return a @ b", ["a + b", "a - b", "a * b", "a / b", "b @ a", "a.T @ b", "a @ b.T"]),
        ("return a.T", ["a"]),
        ("return e('ij,j->i', a)", ["e('ji,j->i', a)", "e(a, 'ij,j->i')", "'ij,j->i'"]),
    ],
)
def test_an_answer_is_altered_in_one_place_each_time(line, changed):
    notes = [note for note, _ in altered(f"def f(a, b):\n    {line}\n")]
    found = {note.split(" → return ")[1] for note in notes if "→" in note}
    assert found == set(changed)
    assert notes[-4:] == ["a as in the first call", "a = 1", "b as in the first call", "b = 1"]


def test_a_statement_is_dropped_and_a_condition_is_settled():
    source = "def f(a, b):\n    if a:\n        b += 5\n    b = a\n    return b\n"
    notes = [note for note, _ in altered(source)]
    assert {"if a: → if True:", "if a: → if False:", "b += 5 → pass", "b = a → pass"} <= {*notes}


def test_an_argument_can_be_kept_from_the_first_call():
    scope = {}
    exec(dict(altered("def f(a):\n    return a\n"))["a as in the first call"], scope)
    assert [scope["f"](number) for number in (3, 4)] == [3, 3]
