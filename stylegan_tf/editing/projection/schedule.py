"""How fast projection moves, and how much it shakes w, over its steps.

Both are of t, which is 0 at the first step and would be 1 after the last one.

Reference: https://arxiv.org/abs/1912.04958, appendix D
"""

import math

_LEARNING_RATE = 0.1
_RAMP_UP, _RAMP_DOWN = 0.05, 0.25  # of all steps
_NOISE = 0.05  # of the spread of w
_NOISE_RAMP = 0.75  # of all steps


def learning_rate(t):
    """Up a line over the first 5 %, down a cosine over the last 25 %."""
    down = min(1.0, (1.0 - t) / _RAMP_DOWN)
    up = min(1.0, t / _RAMP_UP)
    return _LEARNING_RATE * (0.5 - 0.5 * math.cos(math.pi * down)) * up


def noise_strength(t):
    """Of the normal noise on w, as part of its spread; 0 from 75 % on."""
    return _NOISE * max(0.0, 1.0 - t / _NOISE_RAMP) ** 2
