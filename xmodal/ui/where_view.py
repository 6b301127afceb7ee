"""Where a new training runs: on this machine, or on the Slurm cluster that it belongs to."""

from typing import TYPE_CHECKING, Any

import streamlit as st

from xmodal.jobs.cluster_options import ClusterOptions
from xmodal.ui import state

if TYPE_CHECKING:
    from collections.abc import Mapping

HERE, SLURM = "this machine", "Slurm"
SHOWN: "Mapping[str, str]" = {
    "partition": "Partition",
    "time_min": "Minutes",
    "cpus": "Cores",
    "gpus": "GPUs",
    "memory_gb": "Memory, GB",
    "account": "Account",
}
"""Options that are asked for, and what they are called; the command line has them all."""


def show() -> ClusterOptions | None:
    """What to ask Slurm for; None: it runs here, or there is no Slurm.

    Raises:
        pydantic.ValidationError: an option does not fit.
    """
    from xmodal.jobs import slurm

    if slurm.available() is not None:
        return None
    where = st.segmented_control("Where", [HERE, SLURM], key=state.WHERE, default=HERE, bind="query-params")
    if where != SLURM:
        return None
    given: dict[str, Any] = {}
    with st.container(horizontal=True):
        for name, label in SHOWN.items():
            given[name] = _widget(name, label)
    return ClusterOptions.model_validate(given)


def _widget(name: str, label: str) -> str | int | float:
    field = ClusterOptions.model_fields[name]
    shared = {"key": state.cluster_key(name), "help": field.description, "bind": "query-params", "width": 140}
    if isinstance(field.default, str):
        return (st.text_input(label, **shared) or "").strip()
    least = next(each.ge for each in field.metadata if hasattr(each, "ge"))
    return st.number_input(label, min_value=least, value=field.default, **shared)
