"""The procedural world: one latent Scene per item and one renderer per modality, each with its ground truth."""
