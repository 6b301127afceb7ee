"""How good a trained network is, by the papers' measures."""
