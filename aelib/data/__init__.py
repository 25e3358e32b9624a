"""Data sets, by name; `load_dataset` gives the tensors, `DATASETS` what is known without loading."""

from aelib.data.catalog import DATASETS, DatasetInfo, get_info, load_dataset
from aelib.data.dataset import Dataset, Split
from aelib.data.limits import Limits
from aelib.data.table import TableOptions, TableSchema

__all__ = [
    "DATASETS",
    "Dataset",
    "DatasetInfo",
    "Limits",
    "Split",
    "TableOptions",
    "TableSchema",
    "get_info",
    "load_dataset",
]
