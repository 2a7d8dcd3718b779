"""Tells what a file of arrays is, if it is none that can be imported.

Told by names that only one family of networks has.
"""

import re

# By what names begin with, at the start or behind a dot. First families that
# share some names with those that are read.
_RELATED = {
    r"embed_proj\.": "a StyleGAN-XL",
    r"synthesis\.(L\d+_\d+_\d+\.|input\.freqs)": "a StyleGAN3's own generator",
    r"(iwt|dwt)\.(ll|lh|hl|hh)$": "a SWAGAN, StyleGAN2 on wavelets",
    r"(superresolution|renderer|backbone\.synthesis)\.": "an EG3D, which draws "
    "in three dimensions",
}
_OTHERS = {
    r"progression\.\d+\.conv1\.": "a StyleGAN of "
    "rosinality/style-based-gan-pytorch",
    r"((scaleLayers|toRGBLayers)\.|progression_)\d+\.": "a progressive GAN of "
    "PyTorch",
    r"style_(mlp\.\d+|conv1\.modulated_conv)\.": "a StyleGAN2 of BasicSR or a "
    "GFPGAN, whose names differ",
    r"style_mapping\.\d+\.": "a StyleGAN of mmgeneration, whose names differ",
    r"synthesis\.(layer\d+|early_layer)\.": "a StyleGAN of genforce, whose "
    "names differ",
    r"G\.initial_block|S\.net\.0\.": "a StyleGAN2 of lucidrains, whose names "
    "differ",
    r"(diffusion_model|(down|up|input)_blocks\.\d+|(first|cond)_stage_model)\.|"
    r"(\w+_)?lora_": "a diffusion model, or a part of one",
    r"Mixed_[5-7][a-e]\.": "an Inception, a network of features",
    r"layer[1-4]\.0\.(conv1|bn1)\.": "a ResNet, a classifier",
    r"(features|classifier)\.\d+\.weight$": "a VGG, a classifier",
    r"((self_)?attn|transformer|q_proj)\.": "a transformer",
}
_LIGHTNING = "pytorch-lightning_version"
_MOST_NAMES = 3


def refuse_related(names):
    """Raises `ValueError` for arrays of a family that only looks alike.

    Args:
        names: Dotted names of all arrays in a file.
    """
    kind = _kind(names, _RELATED)
    if kind:
        raise ValueError(f"This looks like {kind}, which is not supported.")


def contents(value, names):
    """Sentences on what a file seems to hold.

    Args:
        value: As it was read.
        names: Dotted names of all arrays in it.
    """
    kind = _kind(names, _OTHERS)
    kind = f"It looks like {kind}. " if kind else ""
    if isinstance(value, dict) and _LIGHTNING in value:
        kind = f"It is a checkpoint of PyTorch Lightning. {kind}"
    if not names:
        return f"{kind}It holds no arrays."
    shown = [f"`{name[:60]}`" for name in sorted(names)[:_MOST_NAMES]]
    return f"{kind}It holds {len(names):,} arrays, such as {', '.join(shown)}."


def _kind(names, kinds):
    for pattern, kind in kinds.items():
        if any(re.search(rf"(^|\.)({pattern})", name) for name in names):
            return kind
    return None
