"""Labels without people: what networks learn from in place of annotations."""
