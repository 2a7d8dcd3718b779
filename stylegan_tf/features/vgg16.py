"""The detector of improved precision and recall."""

from stylegan_tf.features import (
    files,
    finding,
    pixels,
    running,
    vgg16_network,
)


class Vgg16:
    """VGG16 up to its second wide layer, after the ReLU.

    Images are resized to 224x224 without averaging: as TensorFlow 1 did for
    NVIDIA's file, as PyTorch does for torchvision's.

    Args:
        arrays: Weights by torchvision's or NVIDIA's names.
        sha256: Of the file they are from.
        resize: "legacy" or "half_pixel"; None: see above.
        batch_size: Images at a time.
    """

    name = "vgg16"
    label = ""

    def __init__(self, arrays, *, sha256="", resize=None, batch_size=16):
        is_script = vgg16_network.is_script(arrays)
        self.sha256, self.batch_size = sha256, batch_size
        self.resize = resize or ("legacy" if is_script else "half_pixel")
        maps = vgg16_network.build_maps()
        vgg16_network.assign_maps(maps, arrays)
        self.network = vgg16_network.build_features(maps)
        vgg16_network.assign_features(self.network, arrays)
        self._run = running.compiled(
            lambda images: self.network(self.prepare(images))
        )

    def prepare(self, images):
        """The network's input `[N, 224, 224, 3]` of images `[N, H, W, C]`."""
        x = pixels.to_rgb(images)
        x = pixels.resize_bilinear(x, vgg16_network.SIDE, self.resize)
        return vgg16_network.normalise(x)

    def features(self, images):
        """fc2 of images `[N, H, W, C]`, float32 `[N, 4096]`."""
        return running.in_batches(self._run, images, batch_size=self.batch_size)


def load(path=None):
    """The `Vgg16` of a file, or of the one `finding.find` finds."""
    found = finding.find("vgg16", path)
    return Vgg16(files.read_arrays(found.path), sha256=found.sha256)
