#!/usr/bin/env python3
"""Loads a member as a user of transformers would, and compares its logits with those that the trainer computed.

    pip install torch==2.7.1 transformers safetensors numpy
    java ... dev.modelfamily.trainer.Main logits MEMBER --ids ids.json --out logits.bin
    python3 benchmarks/load_member.py MEMBER --ids ids.json --logits logits.bin

Prints one line of JSON. Ends with 1 where a logit differs by more than --tolerance, or where what is loaded again after
save_pretrained, as AutoModel, or from the dense export computes something else.
"""

import argparse
import json
import sys
import tempfile

import numpy
import torch
import transformers
from transformers import AutoModel, AutoModelForCausalLM, AutoTokenizer


def logits_of(folder, ids, **options):
    model = AutoModelForCausalLM.from_pretrained(folder, **options)
    with torch.no_grad():
        return model, torch.cat([model(row.unsqueeze(0)).logits for row in ids])


def largest(a, b):
    return float((a - b).abs().max())


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("member")
    arguments.add_argument("--ids", required=True, help="JSON: rows of token ids, all of one length")
    arguments.add_argument("--logits", required=True, help="little-endian fp32 [rows, seq, vocabulary] of the trainer")
    arguments.add_argument("--dense", help="the same member exported with --dense")
    arguments.add_argument("--tolerance", type=float, default=1e-3)
    asked = arguments.parse_args()

    ids = torch.tensor(json.load(open(asked.ids)))
    model, logits = logits_of(asked.member, ids, trust_remote_code=True)
    trainer = torch.from_numpy(numpy.fromfile(asked.logits, dtype="<f4").reshape(logits.shape))
    found = {
        "model": type(model).__name__,
        "transformers": transformers.__version__,
        "torch": torch.__version__,
        "parameters": sum(p.numel() for p in model.parameters()),
        "logits": logits.numel(),
        "trainer": largest(logits, trainer),
    }

    headless = AutoModel.from_pretrained(asked.member, trust_remote_code=True)
    with torch.no_grad():
        hidden = torch.cat([headless(row.unsqueeze(0)).last_hidden_state for row in ids])
        found["autoModel"] = largest(model.lm_head(hidden), logits)

    with tempfile.TemporaryDirectory() as saved:
        model.save_pretrained(saved)
        found["saved"] = largest(logits_of(saved, ids, trust_remote_code=True)[1], logits)

    if asked.dense:
        found["dense"] = largest(logits_of(asked.dense, ids)[1], logits)

    # Greedy generation with the cache must take the way that the logits without a cache show.
    prompt = ids[:1, :4]
    written = model.generate(
        prompt, attention_mask=torch.ones_like(prompt), max_new_tokens=8, min_new_tokens=8, do_sample=False, pad_token_id=0
    )
    with torch.no_grad():
        again = model(written).logits[:, 3:-1].argmax(-1)
    found["generated"] = written[0, 4:].tolist()
    found["generatedAsComputed"] = bool((again == written[:, 4:]).all())
    tokenizer = AutoTokenizer.from_pretrained(asked.member, trust_remote_code=True)
    found["text"] = tokenizer.decode(written[0])

    print(json.dumps(found))
    differences = [found[name] for name in ("trainer", "autoModel", "saved", "dense") if name in found]
    if not all(difference <= asked.tolerance for difference in differences) or not found["generatedAsComputed"]:
        sys.exit(1)


if __name__ == "__main__":
    main()
