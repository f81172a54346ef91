"""Writes a GGUF file as a Hugging Face folder in fp32, decoded by the libraries gguf and transformers: folder.py GGUF FOLDER"""

import json
import pathlib
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

file, folder = pathlib.Path(sys.argv[1]), sys.argv[2]
model = AutoModelForCausalLM.from_pretrained(file.parent, gguf_file=file.name, torch_dtype=torch.float32)
model.hf_quantizer = None
model.save_pretrained(folder)
AutoTokenizer.from_pretrained(file.parent, gguf_file=file.name).save_pretrained(folder)
print(json.dumps({"parameters": sum(p.numel() for p in model.parameters())}))
