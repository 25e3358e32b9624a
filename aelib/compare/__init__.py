"""Trained models side by side and against PCA: maps aligned, errors by example and class, robustness, settings."""

from aelib.compare.alignment import Alignment, procrustes
from aelib.compare.compare import compare
from aelib.compare.comparison import Comparison, Duel, Entry, MetricRow, Origin
from aelib.compare.contestant import Contestant, read_contestants
from aelib.compare.differences import (
    Differences,
    SettingValues,
    check_comparable,
    differences,
    is_same_but_for_code_size,
)
from aelib.compare.document import as_html
from aelib.compare.looks import looks
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
    "MetricRow",
    "Origin",
    "Rival",
    "SettingValues",
    "angles_to_pca",
    "as_html",
    "as_text",
    "check_comparable",
    "class_errors",
    "compare",
    "decoder_matrix",
    "differences",
    "is_same_but_for_code_size",
    "largest_differences",
    "looks",
    "principal_angles",
    "procrustes",
    "read_contestants",
    "rebuild_with",
    "robustness",
]
