"""Store of small images that are all in memory."""


class ArrayStore:
    """uint8 images `[M, H, W, C]` and class ids `[M]` in memory."""

    random_access = True
    metadata = {}
    others = ()

    def __init__(self, path, images, *, labels=None, class_names=None):
        self.path, self.labels = path, labels
        self.class_names = class_names
        self.names = [f"{index:08d}" for index in range(len(images))]
        self._images = images

    def read(self, index):
        """uint8 pixels `[H, W, C]` of image `index`."""
        return self._images[index]
