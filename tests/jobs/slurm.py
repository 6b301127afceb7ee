"""Find Slurm and MUNGE for the tests of jobs on a cluster, or install them: Debian's packages with apt."""

import os
import shutil
import subprocess
import sys

NEEDED = ("munged", "slurmctld", "slurmd", "sbatch", "srun", "squeue", "scancel", "scontrol")
PACKAGES = ("slurm-wlm", "munge")
_PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin", "/sbin"])
"""Daemons lie where an ordinary user's PATH does not look."""


def find(name: str) -> str | None:
    """Path of one of the programs."""
    return shutil.which(name, path=_PATH)


def missing() -> list[str]:
    """Programs that are not on this machine."""
    return [name for name in NEEDED if find(name) is None]


def install() -> None:
    """Install them where apt can."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES], check=False, env=quiet
        )


if __name__ == "__main__":
    if missing():
        install()
    if missing():
        sys.exit(
            f"no {', '.join(missing())} for the tests of jobs on a cluster: install the packages "
            f"{' and '.join(PACKAGES)} (as root: apt-get install --no-install-recommends {' '.join(PACKAGES)}), "
            "then run again"
        )
    print(f"tests of jobs on a cluster use {find('slurmctld')}")
