"""The same work as the trainer's `measure`, by PyTorch and transformers; prints the same line of JSON.

  peer.py recovery|evaluation|decomposition MODEL [--batch N] [--sequence-length N] [--steps N] [--threads N] [--recompute]
"""

import argparse
import json
import time

import torch
from transformers import AutoModelForCausalLM

LINEARS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")


def peak_bytes():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))


def reset_peak():
    with open("/proc/self/clear_refs", "w") as clear:
        clear.write("5")


def ids(batch, length, shift, vocabulary):
    return torch.tensor(
        [[(row * (length + 1) + column + shift) * 7919 % vocabulary for column in range(length)] for row in range(batch)]
    )


def loss_of(model, inputs, targets):
    logits = model(input_ids=inputs, use_cache=False).logits
    return torch.nn.functional.cross_entropy(logits.reshape(-1, logits.shape[-1]), targets.reshape(-1))


def recovery(model, options):
    model.train()
    if options.recompute:
        model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5, betas=(0.9, 0.95), weight_decay=0, fused=True)
    inputs = ids(options.batch, options.sequence_length, 0, model.config.vocab_size)
    targets = ids(options.batch, options.sequence_length, 1, model.config.vocab_size)

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(model, inputs, targets)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        return loss.item()

    return timed(step, options)


def evaluation(model, options):
    model.eval()
    inputs = ids(options.batch, options.sequence_length, 0, model.config.vocab_size)
    targets = ids(options.batch, options.sequence_length, 1, model.config.vocab_size)

    def step():
        with torch.inference_mode():
            return loss_of(model, inputs, targets).item()

    return timed(step, options)


def timed(step, options):
    loss = step()
    begin = time.perf_counter()
    for _ in range(options.steps):
        step()
    seconds = time.perf_counter() - begin
    tokens = options.steps * options.batch * options.sequence_length
    return {"seconds": seconds, "tokensPerSecond": tokens / seconds, "loss": loss, "peakBytes": peak_bytes()}


def decomposition(model, _):
    begin = time.perf_counter()
    with torch.no_grad():
        for name, module in model.named_modules():
            if name.endswith(LINEARS):
                out, inner = module.weight.shape
                rank = -(-out * inner // (out + inner)) // 2
                u, s, v = torch.linalg.svd(module.weight, full_matrices=False)
                root = s[:rank].sqrt()
                module.u, module.v = u[:, :rank] * root, root[:, None] * v[:rank]
                module.weight = None
    return {"seconds": time.perf_counter() - begin, "tokensPerSecond": 0.0, "loss": 0.0, "peakBytes": peak_bytes()}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("part", choices=["recovery", "evaluation", "decomposition"])
    arguments.add_argument("model")
    arguments.add_argument("--batch", type=int, default=4)
    arguments.add_argument("--sequence-length", type=int, default=512)
    arguments.add_argument("--steps", type=int, default=3)
    arguments.add_argument("--threads", type=int, default=0)
    arguments.add_argument("--recompute", action="store_true", help="gradient checkpointing in recovery")
    options = arguments.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    model = AutoModelForCausalLM.from_pretrained(options.model, torch_dtype=torch.float32)
    reset_peak()
    part = {"recovery": recovery, "evaluation": evaluation, "decomposition": decomposition}[options.part]
    print(json.dumps(part(model, options)))


if __name__ == "__main__":
    main()
