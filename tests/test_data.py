"""MNIST is read as it is, verified, and cut into batches without loss."""

import gzip
import hashlib
import shutil
import socket
import subprocess
import sys

import pytest
import torch
from torch.utils.data import (
    DataLoader,
    Subset,
    TensorDataset,
    WeightedRandomSampler,
    random_split,
)

from helpers import data
from helpers.config import Config
from helpers.files import PROJECT


@pytest.fixture
def copy(tmp_path):
    """A copy of the data folder that a test may damage."""
    shutil.copytree(PROJECT / "data" / "MNIST", tmp_path / "MNIST")
    return tmp_path


def test_all_of_mnist_is_there(mnist):
    train_set, test_set = mnist
    for dataset, size in ((train_set, 60_000), (test_set, 10_000)):
        images, labels = dataset.tensors
        assert images.shape == (size, 1, 28, 28) and images.dtype == torch.float32
        assert images.min() == 0 and images.max() == 1
        assert labels.shape == (size,) and labels.dtype == torch.int64
        assert labels.unique().tolist() == list(range(10))
    assert train_set.tensors[1][:5].tolist() == [5, 0, 4, 1, 9]
    assert test_set.tensors[1][:5].tolist() == [7, 2, 1, 0, 4]


def test_checksums_are_those_of_the_uncompressed_bytes():
    mnist, others = PROJECT / "data" / "MNIST" / "raw", PROJECT / "data"
    places = dict.fromkeys(data.SHA256, mnist) | dict.fromkeys(data.SHA256_OF_09, others)
    for name, expected in (data.SHA256 | data.SHA256_OF_09).items():
        packed = (places[name] / f"{name}.gz").read_bytes()
        assert hashlib.sha256(gzip.decompress(packed)).hexdigest() == expected
        assert expected in (PROJECT / "data" / "README.md").read_text(encoding="utf-8")


def test_the_manual_is_text_in_which_no_paragraph_stands_twice():
    text = data.load_manual()
    paragraphs = [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]
    assert len(text) == 373_309 and len(set(text)) == 103
    assert len(set(paragraphs)) == len(paragraphs) > 1000
    assert "An assignment statement" in text


def test_spoken_digits_come_voice_by_voice_each_word_twice():
    pictures, words, voices = data.load_spoken_digits().tensors
    assert pictures.shape == (800, 32, 48) and pictures.dtype == torch.float32
    assert pictures.amin() == 0 and (pictures.amax(dim=(1, 2)) == 1).all()
    assert (pictures * 15).round().allclose(pictures * 15, atol=1e-5)  # sixteen levels
    assert words.dtype == voices.dtype == torch.int64
    assert (10 * voices + words).bincount().tolist() == 400 * [2]
    seven, five = (pictures[words == word].mean(dim=0) for word in (7, 5))
    assert seven[24:].mean() > five[24:].mean() + 0.01  # the s of seven is high


def test_what_notebook_09_reads_is_verified_too(tmp_path):
    for name, load in (
        ("python-manual.txt", data.load_manual),
        ("spoken-digits-idx3-ubyte", data.load_spoken_digits),
    ):
        with pytest.raises(FileNotFoundError, match=data.SHA256_OF_09[name]):
            load(tmp_path)
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress(b"other bytes"))
        with pytest.raises(ValueError, match=r"damaged: expected SHA-256 .*git checkout -- data"):
            load(tmp_path)


def test_loading_needs_no_network_and_writes_nothing(copy, monkeypatch):
    def no_network(*args, **kwargs):
        raise AssertionError("load_mnist opened a socket")

    monkeypatch.setattr(socket, "socket", no_network)
    before = {path: path.stat().st_mtime_ns for path in copy.rglob("*")}
    train_set, _ = data.load_mnist(copy)
    assert len(train_set) == 60_000
    assert {path: path.stat().st_mtime_ns for path in copy.rglob("*")} == before


def test_processes_at_once_share_one_folder_and_none_writes(copy):
    code = """
import sys

def watch(event, arguments):
    inside = event == "open" and str(arguments[0]).startswith(sys.argv[1])
    if inside and arguments[1] not in ("r", "rb"):
        raise AssertionError(f"opened {arguments}")

from helpers import data
sys.addaudithook(watch)
print(len(data.load_mnist(sys.argv[1])[0]))
"""
    command = [sys.executable, "-c", code, str(copy)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert [process.communicate()[0].strip() for process in running] == ["60000"] * 2


def test_unpacked_files_are_where_torchvision_reads_them(mnist, tmp_path):
    import torchvision  # here alone: it takes a second

    data.unpack_mnist(tmp_path)
    reference = torchvision.datasets.MNIST(tmp_path, train=False, download=False)
    assert torch.equal(reference.data / 255, mnist[1].tensors[0].squeeze(1))


def test_loaders_split_scale_and_lose_nothing(digits):
    loaders = data.make_loaders(*digits, Config(valid_size=300, device="cpu"))
    (X, y), (X_valid, y_valid), (X_test, y_test) = (loader.dataset.tensors for loader in loaders)
    assert (len(X), len(X_valid), len(X_test)) == (700, 300, 200)
    images, labels = digits[0].tensors
    scaled = (images - 0.1307) / 0.3081

    def bag(images, labels):
        return sorted(zip(images.flatten(1).tolist(), labels.tolist(), strict=True))

    assert bag(torch.cat([X, X_valid]), torch.cat([y, y_valid])) == bag(scaled, labels)
    images, labels = digits[1].tensors
    assert bag(X_test, y_test) == bag((images - 0.1307) / 0.3081, labels)


def test_a_digit_set_smaller_than_its_validation_part_is_rejected(digits):
    with pytest.raises(ValueError, match="valid_size must be below the 1000 digits"):
        data.make_loaders(*digits, Config(valid_size=1000))


def test_a_loader_fetches_each_batch_at_once_and_each_sample_once(monkeypatch):
    fetched, fetch = [], data.Rows.__getitem__

    def watched(rows, indices):
        fetched.append(indices.tolist())
        return fetch(rows, indices)

    monkeypatch.setattr(data.Rows, "__getitem__", watched)
    values = torch.rand(100, 3)
    loader = data.make_loader(TensorDataset(values, torch.arange(100)), 32, seed=1)
    batches = list(loader)
    assert [len(y) for _, y in batches] == [32, 32, 32, 4] == [len(batch) for batch in fetched]
    assert len(loader) == 4
    assert sorted(index for batch in fetched for index in batch) == list(range(100))
    assert all(torch.equal(X, values[y]) for X, y in batches), "rows stay together"


def test_the_order_depends_on_the_seed_and_epoch_alone():
    dataset = TensorDataset(torch.arange(50))

    def epochs(seed):
        loader = data.make_loader(dataset, 50, seed)
        return [next(iter(loader))[0].tolist() for _ in range(2)]

    torch.manual_seed(0)
    first = epochs(3)
    state = torch.get_rng_state()
    torch.rand(7)
    assert epochs(3) == first and first[0] != first[1]
    assert epochs(4) != first
    torch.manual_seed(0)
    epochs(3)
    assert torch.equal(torch.get_rng_state(), state), "a loader must not touch the global state"
    assert epochs(None) == [list(range(50))] * 2


def test_moons_lie_on_two_half_circles():
    X, y = data.make_moons(101, noise=0.0, seed=3)
    assert X.shape == (101, 2) and X.dtype == torch.float32 and y.dtype == torch.int64
    assert y.bincount().tolist() == [51, 50]
    upper, lower = X[y == 0], X[y == 1] - torch.tensor([1.0, 0.5])
    torch.testing.assert_close(X[y == 0].norm(dim=1), torch.ones(51))
    torch.testing.assert_close(lower.norm(dim=1), torch.ones(50))
    assert (upper[:, 1] >= 0).all() and (lower[:, 1] <= 0).all()
    again, other = data.make_moons(101, 0.0, 3)[0], data.make_moons(101, 0.0, 4)[0]
    assert torch.equal(X, again) and not torch.equal(X, other)
    spread = (data.make_moons(10_000, 0.2, 3)[0] - data.make_moons(10_000, 0.0, 3)[0]).std()
    assert spread == pytest.approx(0.2, rel=0.05)


def test_a_loader_s_dataset_takes_every_index_that_a_dataset_takes(digits):
    """One sample, a slice, a list, a mask, and what `torch.utils.data` builds on them."""
    dataset = data.make_loader(digits[1], 10).dataset
    images, labels = digits[1].tensors
    mask = labels == labels[0]
    for index in (0, -1, slice(5), [0, 1], mask, torch.tensor(3), torch.tensor([3, 0])):
        found = dataset[index]
        assert torch.equal(found[0], images[index]) and torch.equal(found[1], labels[index])
    assert torch.equal(Subset(dataset, [4, 2])[1][0], images[2])
    first, _ = random_split(dataset, [50, 150], torch.Generator().manual_seed(0))
    assert len(first) == 50 and first[0][0].shape == (1, 28, 28)
    sampler = WeightedRandomSampler(torch.ones(200), 20)
    X, y = next(iter(DataLoader(dataset, batch_size=20, sampler=sampler)))
    assert X.shape == (20, 1, 28, 28) and y.shape == (20,)
