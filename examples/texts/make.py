#!/usr/bin/env python3
"""Makes plain text of the HTML documentation in Debian packages: one JSON line {"source", "text"} a page.

Paragraphs, headings and list items are kept; code, tables and navigation are dropped. Needs only the standard library,
`apt-get` and `dpkg-deb`, and no root. Pages come in the order of their paths, so the same packages give the same bytes.

  make.py --out FOLDER [--held-out N] PACKAGE...

writes FOLDER/training.jsonl and, from every N-th page, FOLDER/evaluation.jsonl.
"""

import argparse
import hashlib
import json
import pathlib
import re
import subprocess
import tempfile
from html.parser import HTMLParser

TEXT = {"p", "h1", "h2", "h3", "h4", "li", "dd", "dt", "blockquote"}
DROPPED = {"script", "style", "pre", "table", "nav", "head", "form", "button", "footer", "header"}
DROPPED_CLASSES = {"sphinxsidebar", "related", "navheader", "navfooter", "toc", "headerlink", "footer", "highlight", "contents"}
VOID = {"br", "img", "hr", "meta", "link", "input", "col", "area", "base", "wbr", "source"}
SHORTEST_PARAGRAPH = 40


class Paragraphs(HTMLParser):
    """Collects the text of one page."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.paragraphs, self.words, self.open = [], [], []

    def handle_starttag(self, tag, attributes):
        if tag in VOID:
            return
        classes = set((dict(attributes).get("class") or "").split())
        self.open.append((tag, tag in DROPPED or bool(classes & DROPPED_CLASSES)))
        if tag in TEXT:
            self.flush()

    def handle_endtag(self, tag):
        if tag in TEXT:
            self.flush()
        for at in range(len(self.open) - 1, -1, -1):
            if self.open[at][0] == tag:
                del self.open[at:]
                return

    def handle_data(self, data):
        if not any(dropped for _, dropped in self.open):
            self.words.append(data)

    def flush(self):
        text = re.sub(r"\s+", " ", "".join(self.words)).replace("\u00b6", "").strip()
        self.words = []
        if len(text) >= SHORTEST_PARAGRAPH or (text and text[0].isupper() and len(text) >= 12):
            self.paragraphs.append(text)


def page(path):
    parser = Paragraphs()
    parser.feed(path.read_text(encoding="utf-8", errors="replace"))
    parser.flush()
    return "\n".join(parser.paragraphs)


def pages(package, folder):
    """The pages of a package, without those that only repeat the text of others."""
    subprocess.run(["apt-get", "download", "-q", package], cwd=folder, check=True, capture_output=True)
    archive = next(folder.glob(package.replace("+", "*") + "_*.deb"))
    content = folder / ("content-" + package)
    subprocess.run(["dpkg-deb", "-x", archive, content], check=True)
    for path in sorted(content.rglob("*.html")):
        name = path.relative_to(content).as_posix()
        if not re.search(r"(genindex|search|_sources|whatsnew/changelog|bookindex|py-modindex)", name):
            yield f"{archive.name}:{name}", page(path)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--out", type=pathlib.Path, required=True)
    arguments.add_argument("--held-out", type=int, default=0, metavar="N")
    arguments.add_argument("--max-bytes", type=int, default=0, help="stop a package's training text at so many bytes")
    arguments.add_argument("packages", nargs="+")
    options = arguments.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    seen, training, evaluation, count = set(), [], [], 0
    with tempfile.TemporaryDirectory() as folder:
        for package in options.packages:
            size = 0
            for source, text in pages(package, pathlib.Path(folder)):
                digest = hashlib.sha256(text.encode()).digest()
                if len(text) < 400 or digest in seen:
                    continue
                seen.add(digest)
                count += 1
                line = json.dumps({"source": source, "text": text}, ensure_ascii=False)
                if options.held_out and count % options.held_out == 0:
                    evaluation.append(line)
                elif not options.max_bytes or size + len(line) <= options.max_bytes:
                    size += len(line.encode())
                    training.append(line)
            print(f"{package}: {size} bytes of training text")
    for name, lines in (("training", training), ("evaluation", evaluation)):
        if lines:
            (options.out / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
