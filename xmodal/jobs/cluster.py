"""Jobs on a Slurm cluster: handed over through submitit; the folder that a node writes to must be this one.

submitit writes the script and what the node is to call, into the job's folder; only where that folder is goes through
its pickle. What becomes of the job is read from its folder and from Slurm, never from submitit.
"""

import contextlib
import shlex
import shutil
from pathlib import Path
from typing import Any

from filelock import FileLock

import xmodal
from xmodal.errors import InputError, reason
from xmodal.jobs import slurm
from xmodal.jobs.cluster_options import ClusterOptions
from xmodal.jobs.job import SLURM, SUBMITTED, SUBMITTING, Job, JobError, Submitted
from xmodal.jobs.node import Payload
from xmodal.runs.run import Run
from xmodal.workspace import Workspace


def begin(job: Job, workspace: Workspace) -> None:
    """Hand a job to Slurm and write down its number there.

    Raises:
        JobError: Slurm does not take it; the job is gone then.
    """
    try:
        with FileLock(job.folder / SUBMITTING):
            job.write(SUBMITTED, Submitted(slurm_job=_submit(job, workspace)))
    except (ImportError, RuntimeError, OSError) as error:
        shutil.rmtree(job.folder, ignore_errors=True)
        raise JobError(f"Slurm does not take it: {reason(error)}") from error


def _submit(job: Job, workspace: Workspace) -> int:
    """Its number in Slurm."""
    import submitit

    executor = submitit.AutoExecutor(folder=(job.folder / SLURM).absolute(), cluster="slurm")
    executor.update_parameters(name=f"xmodal-{job.id}", **_parameters(job.spec.cluster or ClusterOptions()))
    payload = Payload(str(job.folder.absolute()), str(workspace.root.absolute()))
    return int(executor.submit(payload).job_id)


def _parameters(options: ClusterOptions) -> dict[str, Any]:
    """Of submitit's executor."""
    here = shlex.quote(str(Path(xmodal.__path__[0]).parent.absolute()))
    wanted = {
        "slurm_partition": options.partition,
        "slurm_account": options.account,
        "slurm_qos": options.qos,
        "slurm_constraint": options.constraint,
        "mem_gb": options.memory_gb,
        "gpus_per_node": options.gpus,
    }
    return {
        "timeout_min": options.time_min,
        "nodes": 1,
        "tasks_per_node": 1,
        "cpus_per_task": options.cpus,
        "stderr_to_stdout": True,
        "slurm_wckey": None,  # submitit would name itself, which clusters that keep such keys refuse
        "slurm_srun_args": [f"--cpus-per-task={options.cpus}"],  # srun does not take it from its script since 22.05
        "slurm_signal_delay_s": options.save_s,
        "slurm_additional_parameters": {"requeue": True},
        "slurm_setup": [f'export PYTHONPATH={here}"${{PYTHONPATH:+:$PYTHONPATH}}"', *options.setup],
    } | {name: value for name, value in wanted.items() if value}


def cancel(job: Job) -> None:
    """Let Slurm end a job that somebody cancelled; a training saves if it can do so in the time that Slurm leaves it.

    Raises:
        JobError: Slurm does not answer.
    """
    if job.spec.run:
        with contextlib.suppress(InputError, OSError):
            Run(Path(job.spec.run)).request_stop()
    if (submitted := job.submitted) is None:
        return  # it sees that it was cancelled when it begins
    try:
        slurm.end(submitted.slurm_job)
    except slurm.SlurmError as error:
        raise JobError(f"job {job.id} is to end, but Slurm does not answer: {error}") from error
