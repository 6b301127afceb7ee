"""A cluster for the tests of jobs."""

from collections.abc import Iterator

import pytest

from tests.jobs.one_node import one_node


@pytest.fixture(scope="session")
def slurm() -> Iterator[None]:
    """A real Slurm for all that this process starts (tests that use it: `xdist_group("slurm")`)."""
    with one_node() as configuration, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SLURM_CONF", str(configuration))
        yield
