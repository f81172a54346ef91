"""Configurations of models whose linears are pairs of low-rank factors: the library's own, with a rank for each linear.

ranks: maps the name of a linear, such as "model.layers.0.self_attn.q_proj", to the rank r of its factors
    u.weight [out, r] and v.weight [r, in]. A linear that is not named is dense.
"""

from transformers import LlamaConfig, MistralConfig, Qwen2Config, Qwen3Config


class LowRankLlamaConfig(LlamaConfig):
    model_type = "low_rank_llama"
    base_model_tp_plan = None
    base_model_pp_plan = None


class LowRankMistralConfig(MistralConfig):
    model_type = "low_rank_mistral"
    base_model_tp_plan = None
    base_model_pp_plan = None


class LowRankQwen2Config(Qwen2Config):
    model_type = "low_rank_qwen2"
    base_model_tp_plan = None
    base_model_pp_plan = None


class LowRankQwen3Config(Qwen3Config):
    model_type = "low_rank_qwen3"
    base_model_tp_plan = None
    base_model_pp_plan = None
