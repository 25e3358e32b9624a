"""`find_clusters`: groups of near codes by k-means or HDBSCAN of scikit-learn."""

import warnings
from typing import Literal, NamedTuple

import numpy as np
import torch
from pydantic import Field
from torch import Tensor

from aelib.errors import ConfigError
from aelib.metrics.arrays import rows
from aelib.progress import Progress, silent
from aelib.spec import Spec

#: Starts of k-means, of which the one of least inertia is kept.
STARTS = 10


class ClusterSpec(Spec):
    """How codes are put into clusters.

    ``clusters`` and ``seed`` are settings of k-means; ``min_cluster_size``, the fewest codes that are a cluster, is one
    of HDBSCAN, which draws nothing.
    """

    method: Literal["k-means", "hdbscan"] = "k-means"
    clusters: int = Field(8, ge=2, le=20)
    min_cluster_size: int = Field(5, ge=2, le=1000)
    seed: int = Field(0, ge=0, lt=2**31)

    @property
    def title(self) -> str:
        """As the method is written."""
        return "HDBSCAN" if self.method == "hdbscan" else self.method


class Clusters(NamedTuple):
    """``labels``: of each of n codes its cluster, counted from 0, the largest first, or −1 for none; int32, (n,).
    ``sizes``: codes of each cluster."""

    labels: Tensor
    sizes: tuple[int, ...]


def find_clusters(codes: Tensor, spec: ClusterSpec, progress: Progress = silent) -> Clusters:
    """Clusters of ``codes`` (n, units) under the Euclidean distance of the codes as they are; on the CPU.

    k-means (Lloyd 1982) begins `STARTS` times by k-means++ (Arthur & Vassilvitskii 2007); each code is in a cluster.
    HDBSCAN (Campello, Moulavi & Sander 2013) finds how many there are, and leaves out what is in no dense place. On one
    core 10,000 codes take k-means 0.2 s and HDBSCAN 1 to 6 s, the more the more units; 70,000 take 1 s and
    minutes, so give HDBSCAN a process of its own.

    Raises `ConfigError` when there are too few codes, or too few different ones, for the settings, and `DataError` when
    codes are not finite.
    """
    x = rows(codes, "codes").cpu().numpy()
    n = len(x)
    least = spec.clusters if spec.method == "k-means" else spec.min_cluster_size
    if n < least:
        raise ConfigError(
            f"k-means with {least} clusters needs at least {least} codes (got {n}): choose fewer clusters."
            if spec.method == "k-means"
            else f"HDBSCAN with clusters of at least {least} codes needs as many (got {n}): choose smaller clusters."
        )
    progress(0.0, f"Finding clusters of {n:,} codes by {spec.title}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecations among those packages are none that a user could act on
        if spec.method == "k-means":
            from sklearn.cluster import KMeans

            different = len(np.unique(x, axis=0))
            if different < spec.clusters:
                raise ConfigError(
                    f"k-means with {spec.clusters} clusters needs as many different codes (there are {different}): "
                    "choose fewer clusters, or train the model on."
                )
            found = KMeans(spec.clusters, n_init=STARTS, random_state=spec.seed).fit_predict(x)
        else:
            from sklearn.cluster import HDBSCAN

            found = HDBSCAN(min_cluster_size=spec.min_cluster_size, copy=True).fit_predict(x)
    return by_size(torch.from_numpy(found))


def by_size(labels: Tensor) -> Clusters:
    """The same clusters, the largest first, equal ones by their first code; ``labels``: (n,), below 0 for none."""
    inside = labels >= 0
    names, places = torch.unique(labels[inside], return_inverse=True)
    sizes = torch.bincount(places, minlength=len(names))
    at = torch.arange(len(labels))[inside]
    first = torch.full_like(names, len(labels), dtype=torch.int64).scatter_reduce(0, places, at, "amin")
    order = torch.from_numpy(np.lexsort((first.numpy(), -sizes.numpy())))
    rank = torch.empty_like(order)
    rank[order] = torch.arange(len(order))
    found = torch.full((len(labels),), -1, dtype=torch.int32)
    found[inside] = rank[places].int()
    return Clusters(found, tuple(sizes[order].tolist()))
