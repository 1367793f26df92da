"""MNIST is read as it is, verified, and cut into batches without loss."""

import gzip
import hashlib
import shutil
import socket
import subprocess
import sys

import pytest
import torch
from torch.utils.data import TensorDataset

from helpers import data


@pytest.fixture
def copy(tmp_path):
    """A copy of the data folder that a test may damage."""
    shutil.copytree(data.DATA_DIR / "MNIST", tmp_path / "MNIST")
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
    for name, expected in data.SHA256.items():
        packed = (data.DATA_DIR / "MNIST" / "raw" / f"{name}.gz").read_bytes()
        assert hashlib.sha256(gzip.decompress(packed)).hexdigest() == expected
        assert expected in (data.DATA_DIR / "README.md").read_text()


def test_loading_needs_no_network_and_writes_nothing(copy, monkeypatch):
    def no_network(*args, **kwargs):
        raise AssertionError("load_mnist opened a socket")

    monkeypatch.setattr(socket, "socket", no_network)
    before = {path: path.stat().st_mtime_ns for path in copy.rglob("*")}
    train_set, _ = data.load_mnist(copy)
    assert len(train_set) == 60_000
    assert {path: path.stat().st_mtime_ns for path in copy.rglob("*")} == before


def test_a_missing_file_is_named_with_its_checksum_and_the_fix(copy):
    path = copy / "MNIST" / "raw" / "t10k-labels-idx1-ubyte.gz"
    path.unlink()
    with pytest.raises(FileNotFoundError) as caught:
        data.load_mnist(copy)
    message = str(caught.value)
    assert str(path) in message and data.SHA256["t10k-labels-idx1-ubyte"] in message
    assert "git checkout -- data" in message and "\n" not in message


def flip_a_byte(path):
    unpacked = bytearray(gzip.decompress(path.read_bytes()))
    unpacked[5000] ^= 1
    path.write_bytes(gzip.compress(bytes(unpacked), compresslevel=1))


def cut_short(path):
    path.write_bytes(path.read_bytes()[:-1000])


def swap_with_labels(path):
    shutil.copy(path.with_name("t10k-labels-idx1-ubyte.gz"), path)


@pytest.mark.parametrize("damage", [flip_a_byte, cut_short, swap_with_labels])
def test_a_damaged_file_is_refused_with_both_checksums(copy, damage):
    path = copy / "MNIST" / "raw" / "t10k-images-idx3-ubyte.gz"
    damage(path)
    with pytest.raises(ValueError) as caught:
        data.load_mnist(copy)
    message = str(caught.value)
    assert str(path) in message and data.SHA256["t10k-images-idx3-ubyte"] in message
    found = message.split("found ")[1][:64]
    assert len(found) == 64 and set(found) <= set("0123456789abcdef")
    assert "\n" not in message


def test_processes_at_once_share_one_read_only_folder(copy):
    raw = copy / "MNIST" / "raw"
    for path in (*raw.iterdir(), raw):
        path.chmod(0o555 if path.is_dir() else 0o444)
    code = "import sys; from helpers import data; print(len(data.load_mnist(sys.argv[1])[0]))"
    command = [sys.executable, "-c", code, str(copy)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert [process.communicate()[0].strip() for process in running] == ["60000"] * 4
    raw.chmod(0o755)


def test_loaders_split_scale_and_lose_nothing(digits):
    loaders = data.make_loaders(*digits, valid_size=300, batch_size=64, seed=0)
    train, valid, test = (loader.dataset.tensors for loader in loaders)
    assert (len(train[0]), len(valid[0]), len(test[0])) == (700, 300, 200)

    back = torch.cat([train[0], valid[0]]) * data.PIXEL_STD + data.PIXEL_MEAN
    found = sorted(
        (image.sum().item(), int(label))
        for image, label in zip(back, torch.cat([train[1], valid[1]]), strict=True)
    )
    wanted = sorted(
        (image.sum().item(), int(label)) for image, label in zip(*digits[0].tensors, strict=True)
    )
    for (ink, label), (right_ink, right_label) in zip(found, wanted, strict=True):
        assert label == right_label and abs(ink - right_ink) < 1e-2


def test_a_loader_fetches_each_batch_at_once_and_each_sample_once():
    fetched = []

    class Watched(TensorDataset):
        def __getitem__(self, indices):
            fetched.append(list(indices))
            return super().__getitem__(indices)

    loader = data.make_loader(Watched(torch.arange(100.0), torch.arange(100)), 32, seed=1)
    sizes = [len(y) for _, y in loader]
    assert sizes == [32, 32, 32, 4] == [len(indices) for indices in fetched]
    assert sorted(index for batch in fetched for index in batch) == list(range(100))


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
