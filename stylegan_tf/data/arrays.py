"""Store of small images that are all in memory."""


class ArrayStore:
    """uint8 images `[M, H, W, C]` and class ids `[M]` in memory.

    `others` are the names of the files beside theirs.
    """

    random_access = True
    metadata = {}

    def __init__(
        self, path, images, *, labels=None, class_names=None, others=()
    ):
        self.path, self.labels = path, labels
        self.others, self.unread = others, ()
        self.class_names = class_names
        self.names = [f"{index:08d}" for index in range(len(images))]
        self._images = images

    def read(self, index):
        """uint8 pixels `[H, W, C]` of image `index`."""
        return self._images[index]
