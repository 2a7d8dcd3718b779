"""The augmentation of arXiv 2006.06676, appendix B, in its order."""


def augment(images, draws, p, transforms):
    """Images as D sees them.

    Args:
        images: `[N, H, W, C]`, float, about [-1, 1]; 1 to 4 channels.
        draws: `draws.Draws`, of `draws.sizes(transforms, (H, W, C))`.
        p: Scalar tensor in [0, 1], the chance of each transform.
        transforms: `presets.Transforms`.

    Returns:
        As `images`.
    """
    del draws, p, transforms
    return images
