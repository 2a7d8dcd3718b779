"""Makes a data set of one size from whatever images a source holds."""

import contextlib
import dataclasses
import hashlib
import math

from stylegan_tf.data import (
    convert,
    decode,
    report,
    shapes,
    workers,
    writers,
)

_FIRST_IMAGES_TRIED = 100
_NOT_CARRIED_OVER = {"format", "count", "shards", "labels", "attributes"}


def choose_target(source, *, resolution=0, width=0, height=0, **settings):
    """The `convert.Target` asked for; sizes of 0 follow the first image."""
    if bool(width) != bool(height) or (resolution and width):
        raise ValueError(
            "Give either --resolution, or --width and --height, which go "
            f"together. Received: --resolution={resolution} --width={width} "
            f"--height={height}"
        )
    if settings.get("crop") == "wide" and width <= height:
        raise ValueError(
            "--crop=wide needs a --width above its --height, e.g. --width=512 "
            f"--height=384. Received: --width={width} --height={height}"
        )
    white_level = settings.get("white_level", 0)
    if not (math.isfinite(white_level) and white_level >= 0):
        raise ValueError(
            "--white_level must be a number above 0, e.g. 4095, or 0 for the "
            f"white of the format. Received: --white_level={white_level}"
        )
    if not resolution and not width:
        size = _first_size(source, white_level)
        resolution = shapes.default_resolution(*size)
    target = convert.Target(
        height=height or resolution, width=width or resolution, **settings
    )
    shapes.base_shape(*target.image_shape[:2])  # refuses sizes with no base
    return target


def prepare(
    source,
    output,
    *,
    target,
    format="records",
    processes=1,
    on_bad="skip",
    skip_images=0,
    max_images=0,
    drop_copies=False,
    dry_run=False,
    watch=lambda result: None,
):
    """Writes `source` as `target` says to `output`; returns the report.

    Args:
        source: From `sources.open_source`.
        output: Where the data set appears when all is done.
        target: A `convert.Target`.
        format: records, zip or folder.
        processes: Workers that convert images; the order stays the same.
        on_bad: skip leaves a bad image out, fail stops and writes nothing.
        skip_images: See `converted`; likewise `max_images`, `drop_copies`.
        dry_run: Whether to do everything except writing.
        watch: Called with every `Result`.
    """
    if on_bad == "fail":
        _refuse_any(source.unread)
    count = how_many(source, skip_images, max_images)
    found = report.Report(source=source, target=target, output=output)
    writing = contextlib.nullcontext()
    if not dry_run:
        writing = writers.atomic_writer(
            output, format=format, name=source.name, count=count
        )
    results = converted(
        source,
        target,
        processes=processes,
        skip_images=skip_images,
        max_images=max_images,
        drop_copies=drop_copies,
    )
    with writing as writer, contextlib.closing(results):
        for result in results:
            watch(result)
            found.add(result)
            if on_bad == "fail":
                _refuse_any(found.skipped)
            if result.data is not None and writer:
                _write(writer, source, result)
        if not found.kept:
            raise ValueError(_nothing(found, skip_images))
        if writer:
            writer.finish(_metadata(source, target, found.kept))
    return found


def how_many(source, skip_images=0, max_images=0):
    """How many images `converted` yields if none is bad."""
    left = max(len(source) - skip_images, 0)
    return min(left, max_images or left)


def converted(
    source,
    target,
    *,
    processes=1,
    skip_images=0,
    max_images=0,
    drop_copies=False,
):
    """Yields the `convert.Result` of every image, bad ones too, in order.

    What is skipped, and what is not reached, is the same images that go
    elsewhere with the one number as the other.

    Args:
        source: From `sources.open_source`.
        target: A `convert.Target`.
        processes: Workers that convert images.
        skip_images: Begin when so many could be used.
        max_images: End when so many more can be; 0 means all.
        drop_copies: Whether an image of the same pixels as an earlier one is
            yielded without data.
    """
    last, usable = skip_images + max_images, 0
    with contextlib.closing(
        workers.results(source, target, processes)
    ) as results:
        for result in _marked(results) if drop_copies else results:
            is_reached = usable >= skip_images
            usable += result.data is not None
            if is_reached:
                yield result
            if max_images and usable == last:
                return


def _marked(results):
    """The results; copies have no data, and the index of the first."""
    first = {}
    for result in results:
        if result.data is not None:
            pixels = decode.pixels(result.data)
            digest = hashlib.sha256(repr(pixels.shape).encode())
            digest.update(pixels.tobytes())
            index = first.setdefault(digest.digest(), result.index)
            if index != result.index:
                result = dataclasses.replace(result, data=None, copy_of=index)
        yield result


def _nothing(found, skip_images):
    """Why no image was kept."""
    if found.skipped:
        file, reason = found.skipped[0]
        return (
            "Nothing was written, for not one image can be used. The "
            f"first: {file}: {reason}."
        )
    return (
        f"Nothing was written, for --skip_images={skip_images} leaves none of "
        f"the {len(found.source):,} images of {found.source.path}."
    )


def _refuse_any(bad):
    for file, reason in bad:
        raise ValueError(
            f"{file}: {reason}. Nothing was written; --on_bad=skip leaves such "
            "inputs out."
        )


def _write(writer, source, result):
    name, label, vector = source.names[result.index], None, None
    if source.label_rows is not None:
        vector = source.label_rows[result.index]
        label = vector.tolist()
    if source.is_classes:
        label = int(vector.argmax())
    writer.add(name, result.data, label=label, vector=vector)


def _metadata(source, target, kept):
    carried = {
        key: value
        for key, value in source.metadata.items()
        if key not in _NOT_CARRIED_OVER
    }
    shape = target.image_shape
    carried |= {"image_shape": shape, "resolution": max(shape[:2])}
    if source.is_classes:
        names = source.class_names or range(source.label_rows.shape[1])
        carried["class_names"] = [str(name) for name in names]
    if source.attributes:
        carried["attributes"] = {
            key: [values[i] for i in kept]
            for key, values in source.attributes.items()
        }
    return carried


def _first_size(source, white_level):
    tried, reasons = min(len(source), _FIRST_IMAGES_TRIED), []
    for index in range(tried):
        try:
            image = decode.still(source.read(index), white_level).image
            return image.height, image.width
        except decode.BadImage as error:
            reasons.append(str(error))
    raise ValueError(
        f"None of the first {tried} images of {source.path} can be read, so "
        f"the size is not known. {source.file(0)}: {reasons[0]}. Mend or "
        "remove them, or give --resolution and see what the report says."
    )
