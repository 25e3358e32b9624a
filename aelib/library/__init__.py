"""The library: pretrained checkpoints, kept runs and PCA as their rival, and how to make each of them again."""

from aelib.library.library import Library, LibraryEntry

__all__ = ["Library", "LibraryEntry"]
