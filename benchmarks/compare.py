"""Runs the trainer and its peer in turns and prints the ratio of each figure; see benchmarks/run."""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

HOME = pathlib.Path(__file__).resolve().parent.parent
PARTS = ["logits", "recovery", "evaluation", "decomposition"]
# Some machines set these for old libraries; they would only slow the peer down.
SLOWING = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


def environment():
    return {name: value for name, value in os.environ.items() if name not in SLOWING}


def ours(arguments):
    return last_line([HOME / "modelfamily", *arguments])


def peer(script, arguments):
    return last_line([sys.executable, HOME / "benchmarks" / script, *arguments])


def last_line(command):
    command = [str(part) for part in command]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"error: {' '.join(command)} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def folder_of(model, work):
    """The model as a Hugging Face folder that both programs read; a GGUF file is decoded by the library gguf."""
    if model.is_dir():
        return model
    folder = work / "model"
    peer("folder.py", [model, folder])
    return folder


def medians(runs, figure):
    return statistics.median(run[figure] for run in runs)


def compare(part, model, options):
    shared = ["--batch", options.batch, "--sequence-length", options.sequence_length]
    shared += ["--steps", options.steps, "--threads", options.threads]
    programs = {
        "trainer": lambda: ours(["measure", part, model, *shared]),
        "pytorch": lambda: peer("peer.py", [part, model, *shared]),
    }
    if part == "recovery":
        programs["pytorch, recomputing"] = lambda: peer("peer.py", [part, model, *shared, "--recompute"])
    runs = {name: [] for name in programs}
    for turn in range(options.runs):
        for name, run in programs.items():
            runs[name].append(run())
            print(f"{part} {turn + 1}/{options.runs} {name}: {json.dumps(runs[name][-1])}", file=sys.stderr)
    return runs


def table(part, runs):
    rows = []
    mine = runs["trainer"]
    for name, theirs in runs.items():
        speed = medians(theirs, "seconds") / medians(mine, "seconds")
        rows.append(
            f"| {part} | {name} | {medians(theirs, 'seconds'):.2f} | {medians(theirs, 'tokensPerSecond'):.0f} "
            f"| {medians(theirs, 'peakBytes') / 2**30:.2f} | {medians(theirs, 'loss'):.6f} "
            f"| {speed:.2f} | {medians(mine, 'peakBytes') / medians(theirs, 'peakBytes'):.2f} |"
        )
    return rows


def main():
    arguments = argparse.ArgumentParser(prog="benchmarks/run")
    arguments.add_argument("model", type=pathlib.Path)
    arguments.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    arguments.add_argument("--runs", type=int, default=3)
    arguments.add_argument("--threads", type=int, default=os.cpu_count())
    arguments.add_argument("--batch", type=int, default=4)
    arguments.add_argument("--sequence-length", type=int, default=512)
    arguments.add_argument("--steps", type=int, default=3)
    arguments.add_argument("--out", type=pathlib.Path, help="a file that gets all figures as JSON")
    options = arguments.parse_args()
    unknown = set(options.parts) - set(PARTS)
    if unknown:
        arguments.error(f"unknown part {sorted(unknown)}; there are {PARTS}")
    found = {}
    rows = []
    with tempfile.TemporaryDirectory() as work:
        model = folder_of(options.model, pathlib.Path(work))
        for part in options.parts or PARTS:
            if part == "logits":
                found[part] = peer("logits.py", [model, "--original", options.model, "--threads", options.threads])
                print(f"logits: {json.dumps(found[part])}")
            else:
                found[part] = compare(part, model, options)
                rows += table(part, found[part])
    if rows:
        print("| part | program | seconds | tokens/s | peak GiB | loss | trainer's speed against it | trainer's memory against it |")
        print("|---|---|---|---|---|---|---|---|")
        print("\n".join(rows))
    if options.out:
        options.out.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
