"""Which blocks compute in low precision."""


def block_policy(config, level):
    """Keras dtype policy of the block at `level` (0 is the smallest).

    The highest `low_precision_blocks` run in low precision, the smallest
    never does (arXiv 2006.06676, appendix D). Weights stay float32.
    """
    precision = config.training.precision
    lowest = max(config.doublings + 1 - config.training.low_precision_blocks, 1)
    if precision in ("bfloat16", "float16") and level >= lowest:
        return f"mixed_{precision}"
    return "float32"
