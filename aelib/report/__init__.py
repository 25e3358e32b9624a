"""Measuring a trained model: every metric that applies to it, beside PCA on the same examples."""

from aelib.report.measure import LIMIT, measure
from aelib.report.report import Figure, Line, Number, Report, Section
from aelib.report.text import as_text

__all__ = ["LIMIT", "Figure", "Line", "Number", "Report", "Section", "as_text", "measure"]
