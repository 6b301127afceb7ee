"""Launching and watching work that outlives the page, the server and the terminal that asked for it."""
