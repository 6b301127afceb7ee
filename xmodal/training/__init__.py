"""Training over a run directory: stages of named objectives, one loop for a CPU, a GPU and several processes."""
