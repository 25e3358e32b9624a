"""Data sets: `load_dataset` gives the tensors, `get_info` what is known without loading, `add_dataset` takes yours."""

from aelib.data.added import add_dataset, added_datasets, remove_dataset
from aelib.data.catalog import DATASETS, DatasetInfo
from aelib.data.content import content_hash
from aelib.data.dataset import Dataset, Split
from aelib.data.limits import Limits
from aelib.data.lookup import get_info, list_datasets, load_dataset
from aelib.data.options import SplitOptions
from aelib.data.pictures.options import PictureOptions
from aelib.data.report import ImportReport
from aelib.data.table import TableOptions, TableSchema

__all__ = [
    "DATASETS", "Dataset", "DatasetInfo", "ImportReport", "Limits", "PictureOptions", "Split", "SplitOptions",
    "TableOptions", "TableSchema", "add_dataset", "added_datasets", "content_hash", "get_info", "list_datasets",
    "load_dataset", "remove_dataset",
]  # fmt: skip
