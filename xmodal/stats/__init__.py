"""Statistics of plain arrays: knows no modality, no network and no data set."""
