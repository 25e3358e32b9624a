"""Codes as files for other programs: tables, and what the Embedding Projector reads."""

from aelib.latent.export.projector import projector_zip
from aelib.latent.export.table import make_table, to_csv, to_parquet

__all__ = ["make_table", "projector_zip", "to_csv", "to_parquet"]
