"""onnxruntime-web, which runs networks in a browser: one version of it.

It comes from the npm registry once and is kept in the cache. A page loads six
of the package's files: a small module and its WebAssembly for any browser,
and the same for those with WebGPU.
"""

import hashlib
import pathlib
import tarfile
import zlib

from stylegan_tf import cache, downloads

VERSION = "1.30.0"
PACKAGE = f"onnxruntime-web-{VERSION}.tgz"
_ADDRESS = f"https://registry.npmjs.org/onnxruntime-web/-/{PACKAGE}"
_SHA512 = (  # what the registry calls the package's integrity
    "ab4cbe26baedba45d2cec05610c71c55fa97db92d19a8b171c5f8269126683ca"
    "590a5cdc57bb2f35ce2b298de32f4d956fb42644c0ecd528a0a91e025c07ca61"
)
_FOLDER = "dist"  # of the package
FILES = {  # SHA-256 by name
    "ort.wasm.min.mjs": "219e6a1fc8a9938268d18efca3c91d31"
    "0bd2f4a59bbd13744df5b2b7fc6cee3b",
    "ort-wasm-simd-threaded.mjs": "e13f7f94fc51b4ca72b12faeb1ee95f4"
    "ace6dfbc8939bc718aabdc0a27c4299b",
    "ort-wasm-simd-threaded.wasm": "3398c10d07d229bd91b364548e130e0e"
    "51a8e5704b88c7c083ebbeb78842dee2",
    "ort.webgpu.min.mjs": "3dffff71811bc13a3a3d9591c57ca5ee"
    "5735b8f5f3eaf789510b02bb040ae3a0",
    "ort-wasm-simd-threaded.asyncify.mjs": "3d1c85995364bb643302fc6fd877a0c3"
    "ba5ae72401815e0f24828a53d9191e28",
    "ort-wasm-simd-threaded.asyncify.wasm": "39f9f0894d478800487ed9f7dbe92618"
    "498db320cf55c8e3d89adff8dce658da",
}
_LARGEST_BYTES = 1 << 26  # more is none of these files
_LICENSE = pathlib.Path(__file__).with_name("LICENSE.onnxruntime")


def read(source=None):
    """Bytes of `FILES` and of their LICENSE, by name.

    Args:
        source: The package as npm has it, `*.tgz`, or unpacked, a folder; by
            default what is in the cache, or else is downloaded.

    Raises:
        ConnectionError: If it can not be downloaded; says how else.
        FileNotFoundError: If `source` lacks a file.
        ValueError: If `source` has another version of one.
    """
    source = pathlib.Path(source or fetch())
    found = _unpacked(source) if source.is_dir() else _packed(source)
    for name, digest in FILES.items():
        if name not in found:
            raise FileNotFoundError(
                f"{source} holds no {_FOLDER}/{name}: it is not the package "
                f"onnxruntime-web {VERSION}. {_advice()}"
            )
        if hashlib.sha256(found[name]).hexdigest() != digest:
            raise ValueError(
                f"{_FOLDER}/{name} in {source} is not that of onnxruntime-web "
                f"{VERSION}. {_advice()}"
            )
    return {**found, "LICENSE": _LICENSE.read_bytes()}


def fetch():
    """The path of the package, which is downloaded if it is new."""
    try:
        path = cache.runtimes() / PACKAGE
        return downloads.fetch_file(_ADDRESS, path, _SHA512)
    except ConnectionError as error:
        raise ConnectionError(f"{error}. {_advice()}") from error


def _advice():
    return (
        f"Where there is a network, `npm pack onnxruntime-web@{VERSION}` "
        f"fetches it; then give --runtime={PACKAGE}"
    )


def _unpacked(folder):
    """Bytes by name, of the package or of its folder `dist`."""
    inner = folder / _FOLDER
    place = inner if inner.is_dir() else folder
    paths = {name: place / name for name in FILES}
    return {
        name: path.read_bytes()
        for name, path in paths.items()
        if path.is_file() and path.stat().st_size <= _LARGEST_BYTES
    }


def _packed(path):
    """Bytes by name, of a tar archive that nothing is unpacked from."""
    wanted = {f"package/{_FOLDER}/{name}": name for name in FILES}
    found = {}
    try:
        with tarfile.open(path, "r:gz") as archive:
            for member in archive:
                name = wanted.get(member.name)
                if name and member.isreg() and member.size <= _LARGEST_BYTES:
                    found[name] = archive.extractfile(member).read()
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise ValueError(
            f"{path} is no package of npm: {error}. {_advice()}"
        ) from error
    return found
