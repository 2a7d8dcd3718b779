"""Checks Python, packages, memory, disk and driver, without TensorFlow."""

import contextlib
import importlib.metadata
import os
import pathlib
import platform
import shutil
import subprocess
import sys

from stylegan_tf import processor
from stylegan_tf.doctor import findings

_PACKAGES = ("keras", "numpy", "scipy", "pillow", "tensorboard")
_EXTRAS = {"serve": "kserve", "studio": "gradio"}  # and what each is built on
_CPU_FLAGS = ("avx2", "avx512f", "avx512_bf16", "amx_bf16")
_SPARSE_MEMORY_GIB = 4.0
_SPARSE_DISK_GIB, _NO_DISK_GIB = 5.0, 0.5
_GIB = 2**30


def examine(workdir="."):
    """Every check of this module, as a list of `Finding`."""
    return [
        python_version(),
        *(package(name) for name in _PACKAGES),
        *(extra(name, built_on) for name, built_on in _EXTRAS.items()),
        cpu(),
        findings.check("nvidia driver", driver_text() or "none"),
        memory(available_bytes()),
        disk(shutil.disk_usage(workdir).free, workdir),
    ]


def python_version():
    """Python, 3.11 to 3.13."""
    value, remedy = platform.python_version(), ""
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        value = f"{value}; 3.11 to 3.13 needed"
        remedy = "make venv PYTHON3=/path/to/python3.12"
    return findings.check("python", value, remedy, mark=findings.FAIL)


def package(name):
    """The version of an installed package."""
    value, remedy = "not installed", f"pip install {name}"
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        value, remedy = importlib.metadata.version(name), ""
    return findings.check(name, value, remedy, mark=findings.FAIL)


def extra(name, built_on):
    """What an extra of pyproject.toml is built on; nothing needs to be."""
    value = (
        f"not installed; for tools.{name}: pip install 'stylegan_tf[{name}]'"
    )
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        value = f"{built_on} {importlib.metadata.version(built_on)}"
    return findings.check(name, value)


def cpu():
    """Cores this process may use, and what makes matrix products fast."""
    flags = processor.flags()
    known = [flag for flag in _CPU_FLAGS if flag in flags]
    value = f"{len(os.sched_getaffinity(0))} cores, {platform.machine()}"
    return findings.check("cpu", f"{value}, {' '.join(known) or 'no AVX2'}")


def driver_text():
    """Version and cards of the NVIDIA driver, empty where there is none."""
    query = ["--query-gpu=driver_version,name", "--format=csv,noheader"]
    try:
        answer = subprocess.run(
            ["nvidia-smi", *query], capture_output=True, text=True, timeout=20
        )
        if answer.returncode == 0:
            return "; ".join(answer.stdout.split("\n")).strip("; ")
    except (OSError, subprocess.TimeoutExpired):
        pass  # no such program: the kernel may know
    version = pathlib.Path("/proc/driver/nvidia/version")
    return version.read_text().split("\n")[0] if version.exists() else ""


def memory(available):
    """Memory that training may still take; None where nobody tells."""
    if available is None:
        return findings.check("free memory", "unknown")
    remedy = (
        "close other programs, or lower --config.training.batch_size and "
        "--config.training.max_batch_per_replica"
    )
    is_sparse = available < _SPARSE_MEMORY_GIB * _GIB
    value = f"{available / _GIB:.1f} GiB"
    return findings.check("free memory", value, remedy if is_sparse else "")


def disk(free, workdir):
    """Room for snapshots under the working folder."""
    value = f"{free / _GIB:.1f} GiB in {pathlib.Path(workdir).resolve()}"
    remedy = (
        "free some, put --workdir on another disk, or lower "
        "--config.training.keep_snapshots"
    )
    is_sparse = free < _SPARSE_DISK_GIB * _GIB
    mark = findings.FAIL if free < _NO_DISK_GIB * _GIB else findings.WARN
    return findings.check(
        "free disk", value, remedy if is_sparse else "", mark=mark
    )


def available_bytes():
    """Free memory, within the limit of the container if there is one."""
    try:
        lines = pathlib.Path("/proc/meminfo").read_text().splitlines()
        sizes = dict(line.split(":", 1) for line in lines)
        available = int(sizes["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        return None
    group = pathlib.Path("/sys/fs/cgroup")
    try:
        limit = int((group / "memory.max").read_text())
        used = int((group / "memory.current").read_text())
    except (OSError, ValueError):
        return available  # no limit
    return min(available, limit - used)
