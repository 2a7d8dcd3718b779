"""Times what tools.benchmark --export_stablehlo wrote; needs jax alone.

python run_stablehlo.py DIR [--repeats=10]

A file to be copied to any machine beside DIR. The table gives images a second
of a training iteration on the first device that jax finds (JAX_PLATFORMS=cpu,
cuda or tpu chooses), and its share of that device's own matrix product in the
same precision.
"""

import argparse
import json
import pathlib
import shlex
import statistics
import sys
import time

import jax
import jax.numpy as jnp
from jax._src import xla_bridge  # nothing public runs StableHLO as it is
from jax._src.lib import xla_client

_PEAK_SIZE = {"cpu": 2048}
_PEAK_SIZE_ELSEWHERE = 8192
_WARM_UP = 2


def main():
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--repeats", type=int, default=10)
    given = parser.parse_args()
    if given.repeats < 1:
        parser.error("--repeats must be a whole number from 1")
    made = read_manifest(given.folder)
    device = jax.devices()[0]
    peak = peak_flops(device, made["precision"], given.repeats)
    print(f"{device.device_kind}: peak {peak / 1e9:,.0f} GFLOP/s")
    iteration = work = 0.0
    for name, loss in made["losses"].items():
        run = loaded(given.folder / loss["file"], loss["parameters"], device)
        seconds = median_seconds(run, given.repeats)
        print(
            f"  {name:14} {seconds * 1000:10.2f} ms "
            f"{loss['flops'] / seconds / peak:7.1%} of peak"
        )
        iteration += loss["runs_per_iteration"] * seconds
        work += loss["runs_per_iteration"] * loss["flops"]
    print(
        f"  {'iteration':14} {made['batch_size'] / iteration:10.1f} images/s "
        f"{work / iteration / peak:7.1%} of peak "
        f"({made['resolution']} px, batch {made['batch_size']}, "
        f"{made['precision']})"
    )


def read_manifest(folder):
    """What the folder holds; ends the program if that is not whole."""
    path = folder / "manifest.json"
    try:
        made = json.loads(path.read_text())
        for loss in made["losses"].values():
            path = folder / loss["file"]
            path.read_bytes()
    except (OSError, ValueError, LookupError, TypeError) as error:
        option = shlex.quote(f"--export_stablehlo={folder}")
        sys.exit(
            f"{path} can not be read ({error}). Write it anew by\n"
            f"  python -m tools.benchmark {option}"
        )
    return made


def loaded(path, parameters, device):
    """A callable that runs a program on random parameters."""
    backend = xla_bridge.get_backend(device.platform)
    program = backend.compile_and_load(
        path.read_bytes(),
        xla_client.DeviceList((device,)),
        xla_client.CompileOptions(),
    )
    keys = jax.random.split(jax.random.key(0), len(parameters))
    arrays = [
        jax.device_put(_random(key, each["shape"], each["dtype"]), device)
        for key, each in zip(keys, parameters, strict=True)
    ]
    return lambda: program.execute(arrays)


def _random(key, shape, dtype):
    if jnp.issubdtype(dtype, jnp.floating):
        return jax.random.normal(key, shape, dtype)
    return jnp.ones(shape, dtype)


def median_seconds(run, repeats):
    """Of some runs, each awaited."""
    times = []
    for number in range(_WARM_UP + repeats):
        start = time.perf_counter()
        jax.block_until_ready(run())
        if number >= _WARM_UP:
            times.append(time.perf_counter() - start)
    return statistics.median(times)


def peak_flops(device, precision, repeats):
    """FLOP/s of a square matrix product in the precision."""
    size = _PEAK_SIZE.get(device.platform, _PEAK_SIZE_ELSEWHERE)
    kind = "float32" if precision == "tf32" else precision
    exact = "highest" if precision == "float32" else None  # no TF32 there
    matrix = jax.device_put(jnp.full((size, size), 0.5, kind), device)
    multiply = jax.jit(lambda x: jnp.matmul(x, x, precision=exact))
    return 2 * size**3 / median_seconds(lambda: multiply(matrix), repeats)


if __name__ == "__main__":
    main()
