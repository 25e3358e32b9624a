"""Trained models side by side and against PCA: maps aligned, errors by example and class, robustness, settings."""

from aelib.compare.alignment import Alignment, procrustes
from aelib.compare.compare import compare
from aelib.compare.comparison import Comparison, Duel, Entry, Row
from aelib.compare.contestant import Contestant, read_contestants
from aelib.compare.differences import Differences, Setting, check_comparable, differences
from aelib.compare.rival import Example, Rival, class_errors, largest_differences
from aelib.compare.robustness import LEVELS, rebuild_with, robustness
from aelib.compare.subspace import angles_to_pca, decoder_matrix, principal_angles
from aelib.compare.text import as_text

__all__ = [
    "LEVELS",
    "Alignment",
    "Comparison",
    "Contestant",
    "Differences",
    "Duel",
    "Entry",
    "Example",
    "Rival",
    "Row",
    "Setting",
    "angles_to_pca",
    "as_text",
    "check_comparable",
    "class_errors",
    "compare",
    "decoder_matrix",
    "differences",
    "largest_differences",
    "principal_angles",
    "procrustes",
    "read_contestants",
    "rebuild_with",
    "robustness",
]
