"""Write data/python-manual.txt.gz: the topics of Python's manual that `help()` shows.

Run with Python 3.11.7, whose text is committed; other versions have another text. Paragraphs that
stand in several topics are kept once, else a network could be tested on what it has learnt by
heart. Prints the SHA-256 of the uncompressed bytes.
"""

import gzip
import hashlib
from pydoc_data.topics import topics

from helpers.files import PROJECT, write_atomically


def main():
    """Join the topics in alphabetical order, each paragraph once."""
    seen, kept = set(), []
    for name in sorted(topics):
        paragraphs = []
        for paragraph in topics[name].split("\n\n"):
            words = " ".join(paragraph.split())
            if words not in seen:
                paragraphs.append(paragraph)
            seen.add(words)
        if paragraphs:
            kept.append("\n\n".join(paragraphs).strip("\n"))
    content = ("\n\n\n".join(kept) + "\n").encode()
    packed = gzip.compress(content, 9, mtime=0)
    path = PROJECT / "data" / "python-manual.txt.gz"
    write_atomically(path, lambda file: file.write(packed))
    print(f"{len(content):,} bytes, {len(packed):,} packed, {hashlib.sha256(content).hexdigest()}")


if __name__ == "__main__":
    main()
