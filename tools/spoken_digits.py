"""Let espeak-ng speak the ten digits, and write data/spoken-digits-idx3-ubyte.gz.

Needs Debian's package espeak-ng. The committed file was made once, with its version 1.51; the
page that uses it, notebook 09, needs no espeak-ng. Prints the SHA-256 of the uncompressed bytes.
"""

import gzip
import hashlib
import io
import struct
import subprocess
import wave

import numpy as np

from helpers.files import PROJECT, write_atomically

WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
ACCENTS = ("en-gb", "en-us", "en-gb-scotland", "en-gb-x-gbclan", "en-gb-x-rp")
ACCENTS += ("en-gb-x-gbcwmd", "en-029", "en-us-nyc")
SPEAKERS = ("m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "f1", "f2", "f3", "f4", "f5", "croak")
SPEAKERS += ("klatt", "klatt2", "klatt3", "Andy", "Annie", "Alicia", "linda", "steph", "boris")
SPEAKERS += ("Gene", "max", "john", "Denis", "travis", "victor", "Michael", "paul", "belinda")
SPEAKERS += ("adam", "anika", "antonio", "aunty", "benjamin", "caleb", "david", "edward")
MANNERS = ((150, 40), (180, 60))  # words a minute, pitch from 0 to 99

RATE, WINDOW, HOP = 22_050, 512, 352  # samples: of a second, of a window (23 ms), a hop (16 ms)
BANDS, FRAMES = 32, 48  # of a spectrogram: three quarters of a second
QUIETEST, STEPS = -45.0, 15  # decibels below the loudest point that become 0; steps up to 255


def speak(word, voice, speed, pitch):
    """The samples of a spoken word without the silence around it, float64 (n,)."""
    command = ["espeak-ng", "-v", voice, "-s", str(speed), "-p", str(pitch), "--stdout", word]
    spoken = subprocess.run(command, capture_output=True, check=True).stdout
    with wave.open(io.BytesIO(spoken)) as file:
        assert file.getframerate() == RATE and file.getsampwidth() == 2
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(float)
    loud = np.flatnonzero(np.abs(samples) > 0.02 * np.abs(samples).max())
    return samples[loud[0] : loud[-1] + 1]


def record(samples, rng):
    """The word at a random moment of a recording, with white noise 5 to 15 decibels below it."""
    samples = samples[: FRAMES * HOP]
    start = rng.integers(FRAMES * HOP - len(samples) + 1)
    noise = np.sqrt((samples**2).mean() / 10 ** (rng.uniform(5, 15) / 10))
    recording = rng.normal(scale=noise, size=FRAMES * HOP)
    recording[start : start + len(samples)] += samples
    return recording


def mel_filters(low=80, high=8000):
    """Weights (bands, bins) that add up a spectrum's power in triangles, equally wide to the ear.

    The mel scale is m = 2595 log10(1 + f / 700) for f in hertz (O'Shaughnessy, 1987).
    """
    edges = np.linspace(*(2595 * np.log10(1 + np.array([low, high]) / 700)), BANDS + 2)
    edges = 700 * (10 ** (edges / 2595) - 1)
    frequencies = np.fft.rfftfreq(WINDOW, 1 / RATE)
    rise = (frequencies - edges[:-2, None]) / np.diff(edges)[:-1, None]
    fall = (edges[2:, None] - frequencies) / np.diff(edges)[1:, None]
    return np.clip(np.minimum(rise, fall), 0, None)


def spectrogram(recording):
    """Decibels in each band and frame as uint8 (bands, frames), the lowest band first."""
    padded = np.pad(recording, WINDOW // 2)
    starts = HOP * np.arange(FRAMES)
    pieces = padded[starts[:, None] + np.arange(WINDOW)] * np.hanning(WINDOW)
    power = mel_filters() @ (np.abs(np.fft.rfft(pieces)) ** 2).T
    decibels = 10 * np.log10(power / power.max() + 1e-12)
    level = 1 - np.clip(decibels, QUIETEST, 0) / QUIETEST  # from 0 to 1
    return (np.round(STEPS * level) * (255 // STEPS)).astype(np.uint8)


def main():
    """Write speakers × manners × words, in that order, as an IDX file of three dimensions."""
    rng = np.random.default_rng(0)
    speakers = rng.permutation(SPEAKERS)  # so that those set aside are no special ones
    voices = [f"{ACCENTS[i % len(ACCENTS)]}+{speaker}" for i, speaker in enumerate(speakers)]
    pictures = [
        spectrogram(record(speak(word, voice, *manner), rng))
        for voice in voices
        for manner in MANNERS
        for word in WORDS
    ]
    header = struct.pack(">IIII", 0x0803, len(pictures), BANDS, FRAMES)
    content = header + np.stack(pictures).tobytes()
    packed = gzip.compress(content, 9, mtime=0)
    path = PROJECT / "data" / "spoken-digits-idx3-ubyte.gz"
    write_atomically(path, lambda file: file.write(packed))
    print(" ".join(voices))
    print(f"{len(pictures)} words, {len(packed):,} bytes, {hashlib.sha256(content).hexdigest()}")


if __name__ == "__main__":
    main()
