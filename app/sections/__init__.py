"""Parts of pages that stand still: figures, measurements, comparisons."""
