"""The parts of the retrieval page: what is asked with, what answers, and the vectors behind it."""
