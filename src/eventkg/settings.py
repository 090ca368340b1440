"""Where the bundled files are, and the limits that a query is held to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

VERSION = "0.1.0"
ONTOLOGY_VERSION = "0.1.0"  # the version IRI of ontology/eventkg.ttl
DERIVATION_VERSION = 1  # grows when the same claims come to other facts
STORE_FORMAT = 1  # grows when the folder of a store is laid out in another way


def resources() -> Path:
    """The folder of ontology/, shapes/ and data/: inside the package if installed, else the checkout."""
    installed = Path(__file__).parent / "resources"
    return installed if installed.is_dir() else Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may use: wall time in seconds, memory beyond the snapshot in MiB, workers at once."""

    timeout_s: float = 30.0
    memory_mb: int = 2048
    workers: int = 2
