"""UMAP and t-SNE: maps that keep near codes near, and say little of what is far.

Both get the codes centred and scaled, which changes no neighbour but keeps their digits: UMAP computes in float32.
The constants below were found on 2,000 to 10,000 codes of digits, of autoencoders with 2 and 10 units at eight
moments of their training. "Moved" is the disparity of the maps at two moments after the best similarity (Procrustes):
0 for equal maps, 1 for unrelated ones. The codes themselves had moved by 0.003 to 0.37.
"""

import contextlib
import sys
import warnings
from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from aelib.errors import ConfigError, DataError
from aelib.latent.iterations import Iterations
from aelib.latent.numba_cache import provide_cache
from aelib.latent.pca import principal_plane
from aelib.latent.placing import place_among
from aelib.progress import Progress
from aelib.randomness import generator

Transform = Callable[[Tensor], Tensor]

#: Of UMAP. With 500, its default for up to 10,000 points, trustworthiness is higher by 0.001.
EPOCHS = 200
#: Of UMAP from a given layout, with a quarter of its rate: as trustworthy as from none to 0.005, and moved 0.02 to
#: 0.28, not 0.05 to 0.77.
FOLLOWING_EPOCHS, FOLLOWING_RATE = 100, 0.25

#: Of t-SNE, the defaults of scikit-learn.
ITERATIONS, EXAGGERATION = 1000, 12.0
#: The standard deviation of the layout that t-SNE begins with: next to nothing, so that all points can pass.
FIRST_SPREAD = 1e-4
#: From a given layout: without exaggeration, which shuffles it, and not at its size of some 20, where points no longer
#: pass each other and trustworthiness falls behind by 0.02 to 0.1 (from 10 by 0.01, from 1 by 0.002). Moved 0.03 to
#: 0.33, not 0.03 to 0.76.
FOLLOWING_ITERATIONS, FOLLOWING_SPREAD = 500, 1.0
#: Noise on the layout that t-SNE begins with, as a share of its spread: points in one line would never leave it.
NOISE = 1e-3


def umap(
    codes: Tensor,
    dimensions: int,
    neighbours: int,
    min_distance: float,
    seed: int,
    start: Tensor | None,
    progress: Progress,
) -> tuple[Tensor, Transform]:
    """Points (n, dimensions) of ``codes`` (n, units) by UMAP (McInnes, Healy & Melville 2018), and the map of new ones.

    New codes are placed by `place_among`, not by UMAP's own transform, which places a code elsewhere in other company.
    Begins with the spectral layout of the neighbourhood graph, or with ``start`` (n, dimensions), of
    which UMAP stretches every axis to [0, 10].
    """
    least = max(neighbours, dimensions + 1)  # the spectral layout needs one eigenvector more than there are axes
    if len(codes) <= least:
        raise ConfigError(
            f"UMAP with {neighbours} neighbours in {dimensions} dimensions needs more than {least} points "
            f"(got {len(codes)}): choose fewer neighbours or more points."
        )
    prepare = _prepared(codes)
    following = start is not None
    init = "spectral" if start is None else _extended(start).float().numpy()
    epochs = FOLLOWING_EPOCHS if following else EPOCHS
    counter = Iterations(r"(\d+) epochs", lambda i: progress(0.2 + 0.8 * i / epochs, f"Epoch {i} of {epochs}"))
    provide_cache()
    # Complaints among these packages (deprecations, a solver that was replaced) are none that a user could act on.
    with _same_threads(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        progress(0.0, "Loading UMAP")
        from umap import UMAP

        progress(0.1, f"Finding the {neighbours} nearest neighbours")
        fitted = UMAP(
            n_components=dimensions,
            n_neighbors=neighbours,
            min_dist=min_distance,
            n_epochs=epochs,
            learning_rate=FOLLOWING_RATE if following else 1.0,
            init=init,
            random_state=seed,
            n_jobs=1,  # as a seed demands
            tqdm_kwds={"disable": False, "file": counter, "bar_format": "{n} epochs", "miniters": 1, "mininterval": 0},
        ).fit(prepare(codes).float().numpy())
    points, prepared = torch.tensor(fitted.embedding_), prepare(codes)

    def transform(new: Tensor) -> Tensor:
        return place_among(prepare(new), prepared, points.double(), neighbours)

    return points, transform


def tsne(
    codes: Tensor, dimensions: int, perplexity: float, seed: int, start: Tensor | None, progress: Progress
) -> Tensor:
    """Points (n, dimensions) of ``codes`` (n, units) by Barnes-Hut t-SNE (van der Maaten 2014).

    Begins with the principal components (Kobak & Berens 2019), or with ``start`` (n, dimensions). Its
    progress is read from what scikit-learn prints, for which the standard output of the whole process is redirected.
    """
    n = len(codes)
    if n <= perplexity:
        raise ConfigError(
            f"t-SNE with a perplexity of {perplexity:g} needs more than {perplexity:g} points (got {n}): "
            "choose a lower perplexity or more points."
        )
    x = _prepared(codes)(codes)
    following = start is not None
    iterations = FOLLOWING_ITERATIONS if following else ITERATIONS
    layout, size = (_plane(x, dimensions), FIRST_SPREAD) if start is None else (_extended(start), FOLLOWING_SPREAD)
    layout = _spread(layout, size)
    noise = torch.randn(layout.shape, generator=generator(seed, "t-SNE"), dtype=layout.dtype)
    outside = sys.stdout

    def count(i: int) -> None:
        with contextlib.redirect_stdout(outside):  # whatever is printed there is not ours
            progress(0.1 + 0.9 * i / iterations, f"Iteration {i} of {iterations}")

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from sklearn.manifold import TSNE

        progress(0.0, "Finding the nearest neighbours")
        fitted = TSNE(
            dimensions,
            perplexity=perplexity,
            max_iter=iterations,
            early_exaggeration=1.0 if following else EXAGGERATION,
            learning_rate=max(n / EXAGGERATION / 4, 50.0),
            init=(layout + NOISE * size * noise).float().numpy(),
            verbose=2,
        )
        with contextlib.redirect_stdout(Iterations(r"Iteration (\d+): error", count)):
            return torch.tensor(fitted.fit_transform(x.numpy()))


@contextlib.contextmanager
def _same_threads() -> Iterator[None]:
    """Numba gives the OpenMP that it shares with PyTorch a thread for each core: later sums would be split otherwise,
    and an analysis would take the processors from those who train."""
    threads = torch.get_num_threads()
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def _prepared(codes: Tensor) -> Transform:
    """The shift to the median and the scaling to at most 1 of ``codes``; `DataError` when they are all equal."""
    middle = codes.median(0).values  # of most of them, wherever the others are
    size = (codes - middle).abs().max()
    if size == 0:
        raise DataError(
            f"All {len(codes)} codes are the same point, so that none is nearer than another: "
            "train the model on, or choose PCA."
        )
    return lambda some: (some - middle) / size


def _plane(x: Tensor, dimensions: int) -> Tensor:
    """Coordinates on the principal plane, 0 along the axes that ``x`` has not: (n, units) ↦ (n, dimensions)."""
    points = principal_plane(x, min(dimensions, *x.shape)).place(x)
    return torch.nn.functional.pad(points, (0, dimensions - points.shape[1]))


def _extended(start: Tensor) -> Tensor:
    """``start`` itself, or `DataError` when it has an axis without extent, along which nothing could move."""
    flat = (start.amax(0) == start.amin(0)).nonzero().flatten().tolist()
    if flat:
        raise DataError(f"All points to start from have the same coordinate {flat[0] + 1}: start from none.")
    return start


def _spread(layout: Tensor, size: float) -> Tensor:
    """The layout, centred, with this standard deviation along its longest axis."""
    centred = layout - layout.mean(0)
    return centred * (size / centred.std(0).max())
