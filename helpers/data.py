"""The committed data as tensors, and loaders that fetch whole batches."""

import math
from pathlib import Path

import numpy as np
import torch
from torch.utils.data import DataLoader, Sampler, TensorDataset

from helpers.config import pick_device
from helpers.files import PROJECT, read_verified

# Mean and standard deviation of the 60,000 training images; notebook 05 computes them.
PIXEL_MEAN, PIXEL_STD = 0.1307, 0.3081

SHA256 = {  # of the uncompressed bytes, which every mirror of MNIST shares
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
SHA256_OF_09 = {  # of what notebook 09 reads besides, uncompressed too
    "python-manual.txt": "9a53f6c0400218d2ea958fb233f6375aea40d9cc85b77fcb246a042c87836428",
    "spoken-digits-idx3-ubyte": "0ab04223c5f0c076709f5f656393483030b8cddddb5c0d4d196985f0d7c9ca53",
}


def load_mnist(data_dir=""):
    """Read MNIST's training and test set: 60,000 and 10,000 handwritten digits.

    `data_dir` holds `MNIST/raw/*.gz`; "" means the project's own data folder. Nothing is written
    and nothing is downloaded.

    Returns (train_set, test_set), each a `TensorDataset` of
      images: float32 (N, 1, 28, 28), 0 is paper and 1 is ink (what torchvision's `ToTensor` gives),
      labels: int64 (N,), the digits 0 to 9.
    Raises FileNotFoundError if a file is missing, ValueError if its bytes are not MNIST's.
    Source: LeCun, Bottou, Bengio, Haffner (1998), "Gradient-based learning applied to document
    recognition"; the IDX format has a header of 16 bytes for images and 8 for labels.
    """
    return tuple(_load_part(raw_folder(data_dir), part) for part in ("train", "t10k"))


def load_manual(data_dir=""):
    """The text of notebook 09: a part of Python's own manual. Where from: data/README.md."""
    return _read(raw_folder(data_dir).parents[1], "python-manual.txt").decode()


def load_spoken_digits(data_dir=""):
    """The ten digits, each spoken twice by 40 voices of espeak-ng. How: data/README.md.

    Returns a `TensorDataset` of spectrograms float32 (800, 32, 48), bands × frames, 0 is quiet and
    1 loud; words int64 (800,), 0 to 9; voices int64 (800,), 0 to 39.
    """
    levels = _read(raw_folder(data_dir).parents[1], "spoken-digits-idx3-ubyte")
    levels = np.frombuffer(levels, np.uint8, offset=16).reshape(-1, 32, 48)
    pictures, i = torch.from_numpy(levels / np.float32(255)), torch.arange(len(levels))
    return TensorDataset(pictures, i % 10, i // 20)


def raw_folder(data_dir=""):
    """The folder of MNIST: `data_dir`/MNIST/raw; "" means the project's own data folder."""
    return (Path(data_dir).expanduser() if data_dir else PROJECT / "data") / "MNIST" / "raw"


def unpack_mnist(folder, data_dir=""):
    """Write the uncompressed files to `folder`/MNIST/raw, where torchvision's MNIST reads them."""
    target = raw_folder(folder)
    target.mkdir(parents=True)
    for name in SHA256:
        (target / name).write_bytes(_read(raw_folder(data_dir), name))


def _read(folder, name):
    return read_verified(folder / f"{name}.gz", (SHA256 | SHA256_OF_09)[name])


def _load_part(folder, part):
    pixels = np.frombuffer(_read(folder, f"{part}-images-idx3-ubyte"), np.uint8, offset=16)
    digits = np.frombuffer(_read(folder, f"{part}-labels-idx1-ubyte"), np.uint8, offset=8)
    images = torch.from_numpy(pixels.reshape(-1, 1, 28, 28) / np.float32(255))
    return TensorDataset(images, torch.from_numpy(digits.astype(np.int64)))


class BatchOrder(Sampler):
    """The indices of each batch, int64 (batch,), as a `DataLoader` asks for them.

    With a `generator` all samples come in a new random order each epoch, without one as stored.
    """

    def __init__(self, num_samples, batch_size, generator=None, device="cpu"):
        self.num_samples, self.batch_size = num_samples, batch_size
        self.generator, self.device = generator, device

    def __len__(self):
        return math.ceil(self.num_samples / self.batch_size)

    def __iter__(self):
        order = torch.arange(self.num_samples)
        if self.generator:
            order = torch.randperm(self.num_samples, generator=self.generator)
        return iter(order.to(self.device).split(self.batch_size))


class Rows(TensorDataset):
    """A `TensorDataset` that also takes int64 indices (n,): a whole batch in one copy a tensor.

    `index_select` does what `tensor[indices]` does, in less than half the time.
    """

    def __getitem__(self, indices):
        if torch.is_tensor(indices) and indices.dtype == torch.int64 and indices.ndim == 1:
            return tuple(part.index_select(0, indices) for part in self.tensors)
        return super().__getitem__(indices)  # one index, a slice, a list, a mask


def make_loader(dataset, batch_size, seed=None):
    """A stock `DataLoader` over a `TensorDataset`, each batch fetched at once (see `Rows`).

    With a `seed` it shuffles before each epoch, without one it keeps the order. Its random numbers
    come from its own generator, so other code that draws random numbers changes nothing.
    Yields batches, for instance X (batch, 1, 28, 28) and y (batch,).
    """
    rows, generator = Rows(*dataset.tensors), torch.Generator().manual_seed(seed or 0)
    shuffle = None if seed is None else generator
    order = BatchOrder(len(rows), batch_size, shuffle, rows.tensors[0].device)
    return DataLoader(rows, sampler=order, batch_size=None, generator=generator)


def make_loaders(train_set, test_set, config, *, mean=PIXEL_MEAN, std=PIXEL_STD):
    """Hold out `valid_size` random training digits, scale all pixels to (pixel - mean) / std.

    `config` has valid_size, batch_size, seed and device. Returns (train_loader, valid_loader,
    test_loader), each over X float32 (batch, 1, 28, 28) and y int64 (batch,) on that device. The
    same seed gives the same split and the same order of batches. Only train_loader shuffles.
    Raises ValueError if `valid_size` leaves nothing to train on.
    """
    if config.valid_size >= len(train_set):
        what = f"valid_size must be below the {len(train_set)} digits of train_set"
        raise ValueError(f"{what}, got {config.valid_size}")
    device = pick_device(config.device)
    order = torch.randperm(len(train_set), generator=torch.Generator().manual_seed(config.seed))

    kept, held_out = order[config.valid_size :], order[: config.valid_size]
    scaling = {"mean": mean, "std": std, "device": device}
    return (
        make_loader(_scaled(train_set, kept, **scaling), config.batch_size, config.seed),
        make_loader(_scaled(train_set, held_out, **scaling), 1000),
        make_loader(_scaled(test_set, torch.arange(len(test_set)), **scaling), 1000),
    )


def _scaled(dataset, indices, *, mean, std, device):
    """Those samples of a `TensorDataset`, their pixels scaled to (pixel - mean) / std."""
    images, labels = Rows(*dataset.tensors)[indices]  # copies, so they may change in place
    return TensorDataset(images.sub_(mean).div_(std).to(device), labels.to(device))


def make_moons(num_samples, noise, seed):
    """Two interleaved half circles of radius 1, with normal noise of that standard deviation.

    Returns X float32 (num_samples, 2) and y int64 (num_samples,): 0 for the upper moon around
    (0, 0), 1 for the lower one around (1, 0.5). The seed alone decides the points.
    """
    generator = torch.Generator().manual_seed(seed)
    y = torch.arange(num_samples) % 2
    angle = torch.pi * torch.rand(num_samples, generator=generator)
    upper = torch.stack([angle.cos(), angle.sin()], dim=1)
    X = torch.where(y[:, None] == 0, upper, torch.tensor([1.0, 0.5]) - upper)
    return X + noise * torch.randn(num_samples, 2, generator=generator), y
