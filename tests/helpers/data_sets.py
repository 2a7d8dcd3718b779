"""Small data sets that the tests of `stylegan_tf.data` write themselves."""

import gzip
import io
import json
import pathlib
import zipfile

import numpy as np
import tensorflow as tf
from PIL import Image

from stylegan_tf.data import prepare, sources


def pixels(seed, height=8, width=8, channels=3):
    """Smooth uint8 `[H, W, C]`, another for every seed."""
    random = np.random.RandomState(seed)
    small = random.randint(0, 256, [2, 2, channels], np.uint8)
    image = np.kron(small, np.ones([height // 2, width // 2, 1], np.uint8))
    image[0, 0] = seed % 256
    return image


def encode(image, format="PNG", **options):
    """Encoded bytes of uint8 pixels or of a PIL image."""
    if isinstance(image, np.ndarray):
        image = Image.fromarray(image.squeeze())
    buffer = io.BytesIO()
    image.save(buffer, format=format, **options)
    return buffer.getvalue()


def files(count=6, **shape):
    """`{name: PNG bytes}` of different images."""
    return {
        f"{i // 4:05d}/img{i:08d}.png": encode(pixels(i, **shape))
        for i in range(count)
    }


def folder(path, contents):
    """Writes `{name: bytes}` below `path`, which is returned."""
    for name, data in contents.items():
        file = pathlib.Path(path, name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return pathlib.Path(path)


def zipped(path, contents, compression=zipfile.ZIP_STORED):
    """Writes `{name: bytes}` into the zip at `path`, which is returned."""
    with zipfile.ZipFile(path, "w", compression) as file:
        for name, data in contents.items():
            file.writestr(name, data)
    return pathlib.Path(path)


def metadata(labels, **more):
    """A dataset.json: `{name: label}` as the official tools write it."""
    text = json.dumps({"labels": list(labels.items()), **more})
    return {"dataset.json": text.encode()}


def idx(path, values):
    """Writes a gzipped IDX file of uint8 `values`."""
    header = bytes([0, 0, 8, values.ndim])
    header += np.array(values.shape, ">u4").tobytes()
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(header + values.tobytes()))


def official_records(path, levels, labels=None, name="faces"):
    """Writes `{log2: [N, H, W, C]}` as NAME-rXX.tfrecords."""
    path = pathlib.Path(path)
    path.mkdir(parents=True, exist_ok=True)
    for log2, images in levels.items():
        file = path / f"{name}-r{log2:02d}.tfrecords"
        with tf.io.TFRecordWriter(str(file)) as writer:
            for image in images:
                chw = image.transpose(2, 0, 1)
                shape = tf.train.Int64List(value=chw.shape)
                data = tf.train.BytesList(value=[chw.tobytes()])
                feature = {
                    "shape": tf.train.Feature(int64_list=shape),
                    "data": tf.train.Feature(bytes_list=data),
                }
                features = tf.train.Features(feature=feature)
                example = tf.train.Example(features=features)
                writer.write(example.SerializeToString())
    if labels is not None:
        with open(path / f"{name}-rxx.labels", "wb") as file:
            np.save(file, labels)
    return path


def flip(path, byte):
    """Flips a bit of the `byte` of the file at `path`, as a bad disk does."""
    data = bytearray(pathlib.Path(path).read_bytes())
    data[byte] ^= 4
    pathlib.Path(path).write_bytes(data)


def prepared(path, output, *, size=0, **arguments):
    """Report and path of `path` prepared with the default settings."""
    source = sources.open_source(path)
    settings = {
        key: arguments.pop(key)
        for key in ("crop", "channels", "width", "height")
        if key in arguments
    }
    target = prepare.choose_target(source, resolution=size, **settings)
    report = prepare.prepare(source, output, target=target, **arguments)
    return report, output
