"""The network that measures distances, where no other will do."""

import pathlib


def detector(features):
    """LPIPS, or the offline extractor in its place.

    Args:
        features: The value of --features, as `detectors.Detectors` takes it.

    Raises:
        ValueError: If it is a network of the user's, which sees no distances.
    """
    from stylegan_tf.features import detectors

    path = pathlib.Path(features)
    if path.is_file() or (path / "saved_model.pb").is_file():
        raise ValueError(
            f"--features={path} is a network of yours, and distances are by "
            "LPIPS or the offline extractor: give a folder with LPIPS, auto "
            "or offline"
        )
    return detectors.Detectors(features).of("lpips")
