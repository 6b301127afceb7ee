"""What a job asks Slurm for."""

from pydantic import BaseModel, ConfigDict, Field, model_validator

_NAME = r"^[A-Za-z0-9_.,@:=*-]*$"
"""These words become lines of a script: no blanks, quotes or line ends."""


class ClusterOptions(BaseModel):
    """One node of a cluster, for some time."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    partition: str = Field(default="", pattern=_NAME)
    """Slurm's partition; empty: the cluster's own choice."""
    account: str = Field(default="", pattern=_NAME)
    """Whose time is used; empty: one's own."""
    qos: str = Field(default="", pattern=_NAME)
    """Slurm's quality of service; empty: the cluster's own choice."""
    constraint: str = Field(default="", pattern=_NAME)
    """Features that the node must have."""
    time_min: int = Field(default=60, ge=1, le=60 * 24 * 365)
    """Minutes after which Slurm ends it; a training that is not finished saves before and goes on in its next turn."""
    save_s: int = Field(default=120, ge=10, le=3600)
    """Seconds before that end at which a training is asked to save; Slurm may ask up to a minute earlier."""
    restarts: int = Field(default=20, ge=0, le=10_000)
    """How often it may begin again, after its time, a preemption or the end of a node; then it counts as stopped."""
    cpus: int = Field(default=2, ge=1, le=1024)
    """Processor cores: the threads of the computation, shared among its processes."""
    memory_gb: float = Field(default=0.0, ge=0.0, le=100_000.0)
    """Memory in GB; 0: the cluster's own choice."""
    gpus: int = Field(default=0, ge=0, le=64)
    """GPUs of the node; on more than one, as many processes share a training."""
    setup: tuple[str, ...] = ()
    """Shell commands that make the node ready, such as `module load cuda`."""

    @model_validator(mode="after")
    def _time_to_save(self) -> "ClusterOptions":
        if self.save_s >= 60 * self.time_min:
            raise ValueError(f"save_s is {self.save_s} of {60 * self.time_min} seconds: no time is left to train")
        return self

    @property
    def lane(self) -> str:
        """Where it runs, for people: `slurm`, `slurm gpu-long`."""
        return f"slurm {self.partition}".strip()
