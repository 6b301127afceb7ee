"""What a run is on disk: manifest, metrics log, status, checkpoints. App, command line and jobs meet here only."""
