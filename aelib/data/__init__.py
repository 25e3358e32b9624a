"""Data sets, by name; `load_dataset` gives the tensors, `DATASETS` what is known without loading."""

from aelib.data.catalog import DATASETS, DatasetInfo, get_info, load_dataset
from aelib.data.dataset import Dataset, Split

__all__ = ["DATASETS", "Dataset", "DatasetInfo", "Split", "get_info", "load_dataset"]
