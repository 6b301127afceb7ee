"""What a trained network learned: pure functions of a network and of data."""
