"""The largest difference between the trainer's logits and those of transformers on the same weights and tokens.

  logits.py MODEL [--original GGUF] [--tokens N] [--context N] [--threads N]

The trainer reads MODEL, or the GGUF file where one is given; transformers reads MODEL, in fp32.
"""

import argparse
import json
import pathlib
import subprocess
import tempfile

import numpy
import torch
from transformers import AutoModelForCausalLM

HOME = pathlib.Path(__file__).resolve().parent.parent


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("model", type=pathlib.Path)
    arguments.add_argument("--original", type=pathlib.Path, help="what the trainer reads instead, such as a GGUF file")
    arguments.add_argument("--tokens", type=int, default=2000)
    arguments.add_argument("--context", type=int, default=500)
    arguments.add_argument("--threads", type=int, default=2)
    options = arguments.parse_args()
    torch.set_num_threads(options.threads)
    model = AutoModelForCausalLM.from_pretrained(options.model, torch_dtype=torch.float32, trust_remote_code=True)
    vocabulary = model.config.vocab_size
    rows = options.tokens // options.context
    ids = [[(row * options.context + column) * 7919 % vocabulary for column in range(options.context)] for row in range(rows)]
    with torch.inference_mode():
        theirs = torch.cat([model(input_ids=torch.tensor([row])).logits for row in ids]).numpy()
    with tempfile.TemporaryDirectory() as work:
        asked, got = pathlib.Path(work) / "ids.json", pathlib.Path(work) / "logits.f32"
        asked.write_text(json.dumps(ids))
        command = [HOME / "modelfamily", "logits", options.original or options.model, "--ids", asked, "--out", got]
        subprocess.run([str(part) for part in command], check=True)
        ours = numpy.fromfile(got, dtype=numpy.float32).reshape(theirs.shape)
    difference = numpy.abs(ours - theirs)
    print(
        json.dumps(
            {
                "tokens": rows * options.context,
                "largestDifference": float(difference.max()),
                "meanDifference": float(difference.mean()),
                "largestLogit": float(numpy.abs(theirs).max()),
            }
        )
    )


if __name__ == "__main__":
    main()
