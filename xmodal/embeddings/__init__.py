"""Vectors and maps of whole data sets."""
