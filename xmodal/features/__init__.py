"""Front ends: decoded media -> the numbers a network reads. One front end per file."""
