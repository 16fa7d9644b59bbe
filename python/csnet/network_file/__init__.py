"""Network files from Python's side: writing them, and their JSON Schema. The library reads them: csnet.load()."""

from csnet.network_file.writing import dump

__all__ = ["dump"]
