"""Tables as data: reading them, choosing columns, scaling, and saying what was done."""

from aelib.data.table.options import TableOptions
from aelib.data.table.schema import Cell, TableSchema

__all__ = ["Cell", "TableOptions", "TableSchema"]
