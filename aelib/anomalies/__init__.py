"""Anomalies: the rows of a table that a model rebuilds worst, and the columns that are to blame."""

from aelib.anomalies.rows import Blame, WorstRow, worst_rows
from aelib.anomalies.table import to_csv

__all__ = ["Blame", "WorstRow", "to_csv", "worst_rows"]
