"""Values of a column as an array of Arrow, whatever types they have."""

from collections.abc import Iterable
from typing import Any

import pyarrow as pa


def array_of(values: Iterable[Any]) -> pa.ChunkedArray:
    """Those of one type as they are, a mixture as texts; None and NaN are missing."""
    try:
        array = pa.array(values, from_pandas=True)
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        texts = [None if value is None or value != value else str(value) for value in values]
        array = pa.array(texts, pa.large_string())
    return array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array])
