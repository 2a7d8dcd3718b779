"""Linear separability: how well a plane in latents predicts an attribute.

Reference: https://arxiv.org/abs/1812.04948, section 4.2
"""

import numpy as np


def from_logits(latents, logits, *, keep=1.0):
    """2 to the sum of the attributes' conditional entropies, a float.

    1 if a linear classifier of the latents knows every attribute, at most
    2 ** A. (The paper's exp is the same: its entropies are in nats.)

    Args:
        latents: z or w, `[N, D]`.
        logits: A classifier's logits of the images, `[N, A]`, one of A
            attributes each; positive where it is there.
        keep: Which fraction of the images, the most confident, each
            attribute looks at; the paper keeps 0.5.
    """
    return float(2 ** np.sum(entropies(latents, logits, keep=keep)))


def entropies(latents, logits, *, keep=1.0):
    """Bits of each attribute that no plane in `latents` predicts, `[A]`."""
    latents, logits = np.asarray(latents), np.asarray(logits)
    if latents.ndim != 2 or logits.ndim != 2 or len(latents) != len(logits):
        raise ValueError(
            "`latents` must be [N, D] and `logits` [N, A]. "
            f"Received: {latents.shape} and {logits.shape}"
        )
    if not 0 < keep <= 1:
        raise ValueError(
            f"`keep` must be more than 0 and at most 1. Received: keep={keep}"
        )
    if not (np.isfinite(latents).all() and np.isfinite(logits).all()):
        raise ValueError(
            "Latents and logits must be finite. Received: NaN or infinity"
        )
    count = max(round(keep * len(latents)), 1)
    found = []
    for attribute in logits.T:
        kept = most_confident(attribute, count)
        is_there = attribute[kept] >= 0
        found.append(
            conditional_entropy(
                joint_table(predictions(latents[kept], is_there), is_there)
            )
        )
    return np.array(found)


def most_confident(logits, count):
    """Rows of the `count` of `[N]` farthest from 0, the farthest first.

    As float32 probabilities order them: the softmax of (logit, -logit).
    """
    certainty = np.abs(logits.astype(np.float32))
    certainty = 1 / (1 + np.exp(-2 * certainty))
    return np.argsort(-certainty, kind="stable")[:count]


def predictions(latents, is_there):
    """Sides of the best plane that each of `latents` is on, bool `[N]`.

    An attribute that all or none have, or that no plane could be fitted
    to, counts as told perfectly, as in the official code.
    """
    if is_there.all() or not is_there.any():
        return is_there
    svm = linear_svm()
    try:
        return svm.fit(latents, is_there).predict(latents)
    except ValueError:
        return is_there


def joint_table(predicted, is_there):
    """Fractions `[2, 2]` of (predicted or not, there or not)."""
    cells = 2 * np.asarray(predicted, int) + np.asarray(is_there, int)
    return np.bincount(cells, minlength=4).reshape(2, 2) / len(cells)


def conditional_entropy(joint):
    """H(column | row) of a table of probabilities, in bits, a float."""
    joint = np.asarray(joint, np.float64)
    joint = joint / joint.sum()
    rows = joint.sum(axis=1, keepdims=True)
    ratio = np.divide(joint, rows, out=np.ones_like(joint), where=joint > 0)
    return max(float(-np.sum(joint * np.log2(ratio))), 0.0)


def linear_svm():
    """The classifier that fits a plane."""
    try:
        from sklearn import svm
    except ImportError as error:
        raise ImportError(
            "Linear separability fits its planes with scikit-learn: "
            "`pip install scikit-learn`, or `make venv`."
        ) from error
    # The library's defaults, as in the official code, but for a seed: a number
    # can be had again. Since scikit-learn 1.5 they solve the primal problem to
    # its end; in 2019 they stopped in the dual one after 1,000 rounds.
    return svm.LinearSVC(random_state=0)
