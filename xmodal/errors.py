"""What went wrong with something that the user gave, in one line: the command line and the pages show it as it is."""


class InputError(ValueError):
    """A file, a name or a setting that cannot be used; the message says which, why, and what to do."""
