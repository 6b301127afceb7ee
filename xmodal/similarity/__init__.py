"""How alike a picture and a caption are: cosine, the matchmap and its scores, and all pairs of a batch at once."""
