#!/usr/bin/env python3
"""Takes two novels of Jane Austen (in the public domain) out of Debian's package r-cran-janeaustenr as plain text.

The package keeps them as a lazy-load database of R: one character vector a novel, serialised and compressed. Needs only the
standard library, `apt-get` and `dpkg-deb`.

  austen.py --out FILE [--title TITLE]...
"""

import argparse
import pathlib
import struct
import subprocess
import tempfile
import zlib

PACKAGE = "r-cran-janeaustenr"
DATABASE = "usr/lib/R/site-library/janeaustenr/data/Rdata.rdb"
TITLES = ["NORTHANGER ABBEY", "Persuasion"]
HEADER = 14  # "X\n", then the version of the format, of the writer, and of the oldest reader
CHARACTER_VECTOR, MISSING = 16, 0xFFFFFFFF


def entries(database):
    """The objects of a lazy-load database: four bytes of length, then a zlib stream, one after the other."""
    at = 0
    while at < len(database):
        stream = zlib.decompressobj()
        yield stream.decompress(database[at + 4 :])
        at = len(database) - len(stream.unused_data)


def lines(content):
    """The strings of one serialised character vector (R internals, section 1.8)."""
    (version,) = struct.unpack_from(">I", content, 2)
    at = HEADER
    if version >= 3:
        at += 4 + struct.unpack_from(">I", content, at)[0]
    kind, count = struct.unpack_from(">II", content, at)
    if kind & 0xFF != CHARACTER_VECTOR:
        raise SystemExit(f"error: {DATABASE} holds an object of type {kind & 0xFF} where text was expected")
    at += 8
    for _ in range(count):
        _, length = struct.unpack_from(">II", content, at)
        at += 8
        if length == MISSING:
            yield ""
            continue
        yield content[at : at + length].decode("utf-8")
        at += length


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--out", type=pathlib.Path, required=True)
    arguments.add_argument("--title", action="append", help=f"default: {' and '.join(TITLES)}")
    options = arguments.parse_args()
    wanted = options.title or TITLES
    novels = {}
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["apt-get", "download", "-q", PACKAGE], cwd=folder, check=True, capture_output=True)
        archive = next(pathlib.Path(folder).glob(PACKAGE + "_*.deb"))
        subprocess.run(["dpkg-deb", "-x", archive, folder], check=True)
        for content in entries((pathlib.Path(folder) / DATABASE).read_bytes()):
            text = list(lines(content))
            novels[text[0].strip()] = "\n".join(text).strip()
    missing = [title for title in wanted if title not in novels]
    if missing:
        raise SystemExit(f"error: {PACKAGE} has no {missing}; it has {sorted(novels)}")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text("\n\n".join(novels[title] for title in wanted) + "\n", encoding="utf-8")
    print(f"{options.out}: {options.out.stat().st_size} bytes, {' and '.join(wanted)}")


if __name__ == "__main__":
    main()
