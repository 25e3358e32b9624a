"""Data sets, by name; `load_dataset` gives the tensors, `DATASETS` what is known without loading."""

from aelib.data.catalog import DATASETS, DatasetInfo, get_info, load_dataset
from aelib.data.dataset import Dataset, Split
from aelib.data.limits import Limits
from aelib.data.options import SplitOptions
from aelib.data.pictures.options import PictureOptions
from aelib.data.report import ImportReport

__all__ = [
    "DATASETS",
    "Dataset",
    "DatasetInfo",
    "ImportReport",
    "Limits",
    "PictureOptions",
    "Split",
    "SplitOptions",
    "get_info",
    "load_dataset",
]
