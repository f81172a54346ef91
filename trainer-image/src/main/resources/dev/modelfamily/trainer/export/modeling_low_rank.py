"""Models whose linears are pairs of low-rank factors: the library's own models with `y = W x` replaced by `y = u (v x)`."""

from torch import nn
from transformers import (
    LlamaForCausalLM,
    LlamaModel,
    MistralForCausalLM,
    MistralModel,
    Qwen2ForCausalLM,
    Qwen2Model,
    Qwen3ForCausalLM,
    Qwen3Model,
)

from .configuration_low_rank import (
    LowRankLlamaConfig,
    LowRankMistralConfig,
    LowRankQwen2Config,
    LowRankQwen3Config,
)


class LowRankLinear(nn.Module):
    """y [.., out] = u [out, r] (v [r, in] x [.., in]), with the bias of the linear that it stands for."""

    def __init__(self, linear, rank):
        super().__init__()
        like = {"device": linear.weight.device, "dtype": linear.weight.dtype}
        self.in_features = linear.in_features
        self.out_features = linear.out_features
        self.v = nn.Linear(linear.in_features, rank, bias=False, **like)
        self.u = nn.Linear(rank, linear.out_features, bias=linear.bias is not None, **like)

    def forward(self, x):
        return self.u(self.v(x))


def factorise(model, prefix):
    """Replaces the linears that the configuration gives a rank; their names in it begin with `prefix`."""
    for name, rank in getattr(model.config, "ranks", {}).items():
        parent, _, child = name.removeprefix(prefix).rpartition(".")
        module = model.get_submodule(parent)
        setattr(module, child, LowRankLinear(getattr(module, child), rank))


class LowRankLlamaModel(LlamaModel):
    config_class = LowRankLlamaConfig

    def __init__(self, config):
        super().__init__(config)
        factorise(self, "model.")


class LowRankLlamaForCausalLM(LlamaForCausalLM):
    config_class = LowRankLlamaConfig

    def __init__(self, config):
        super().__init__(config)
        factorise(self, "")


class LowRankMistralModel(MistralModel):
    config_class = LowRankMistralConfig

    def __init__(self, config):
        super().__init__(config)
        factorise(self, "model.")


class LowRankMistralForCausalLM(MistralForCausalLM):
    config_class = LowRankMistralConfig

    def __init__(self, config):
        super().__init__(config)
        factorise(self, "")


class LowRankQwen2Model(Qwen2Model):
    config_class = LowRankQwen2Config

    def __init__(self, config):
        super().__init__(config)
        factorise(self, "model.")


class LowRankQwen2ForCausalLM(Qwen2ForCausalLM):
    config_class = LowRankQwen2Config

    def __init__(self, config):
        super().__init__(config)
        factorise(self, "")


class LowRankQwen3Model(Qwen3Model):
    config_class = LowRankQwen3Config

    def __init__(self, config):
        super().__init__(config)
        factorise(self, "model.")


class LowRankQwen3ForCausalLM(Qwen3ForCausalLM):
    config_class = LowRankQwen3Config

    def __init__(self, config):
        super().__init__(config)
        factorise(self, "")
