"""What tests ask of a child process of the sandbox."""

import resource


def peak_kib() -> int:
    """Return the most memory that this process ever used, in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
