"""Anomalies: the rows of a table that a model rebuilds worst, and the columns that are to blame."""

from aelib.anomalies.finding import Finding
from aelib.anomalies.rows import HELD_OUT, TRAINING, Blame, WorstRow, worst_rows
from aelib.anomalies.table import as_text, to_csv

__all__ = ["HELD_OUT", "TRAINING", "Blame", "Finding", "WorstRow", "as_text", "to_csv", "worst_rows"]
