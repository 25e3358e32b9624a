"""`project`: codes of many units as points of a map of two or three dimensions."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from pydantic import Field
from torch import Tensor

from aelib.errors import ConfigError, DataError
from aelib.latent.neighbour_embedding import tsne, umap
from aelib.latent.pca import Plane, principal_plane
from aelib.metrics.arrays import rows
from aelib.progress import Progress, silent
from aelib.spec import Spec


class ProjectionSpec(Spec):
    """What to make of the codes.

    ``neighbours`` and ``min_distance`` are settings of UMAP, ``perplexity``, about the number of
    neighbours that count, one of t-SNE. PCA draws nothing from ``seed``.
    """

    method: Literal["pca", "umap", "tsne"] = "pca"
    dimensions: Literal[2, 3] = 2
    neighbours: int = Field(15, ge=2, le=200)
    min_distance: float = Field(0.1, ge=0, le=1, allow_inf_nan=False)
    perplexity: float = Field(30.0, ge=2, le=200, allow_inf_nan=False)
    seed: int = Field(0, ge=0, lt=2**31)


@dataclass(frozen=True, eq=False)
class Projection:
    """A map of n codes of some ``units``: its ``points`` (n, d), float32, in the order of the codes.

    Of PCA also the ``components`` (d, units), orthonormal, the ``mean`` (units,), and the share of the
    variance that each component has, ``explained`` (d,); in float64. None for the others.
    """

    spec: ProjectionSpec
    units: int
    points: Tensor = field(repr=False)
    plane: Plane | None = field(default=None, repr=False)
    transform: Callable[[Tensor], Tensor] | None = field(default=None, repr=False)

    @property
    def components(self) -> Tensor | None:
        """W, the axes of the plane."""
        return self.plane.components if self.plane else None

    @property
    def mean(self) -> Tensor | None:
        """The code at the origin of the plane."""
        return self.plane.mean if self.plane else None

    @property
    def explained(self) -> Tensor | None:
        """Shares of the variance, from 0 to 1."""
        return self.plane.explained if self.plane else None

    def place(self, codes: Tensor) -> Tensor:
        """Where ``codes`` belong on the map: (m, units) ↦ (m, d), float32; each the same alone and among others.

        On the plane of PCA, or by UMAP at the median of the neighbours' points (see `aelib.latent.placing`).

        Raises `ConfigError` for t-SNE, and `DataError` when ``codes`` are not finite or of other units.
        """
        if self.transform is None:
            raise ConfigError(
                "t-SNE has no place for new codes: choose UMAP or PCA, or map old and new codes together."
            )
        new = rows(codes, "codes").cpu()
        if new.shape[1] != self.units:
            raise DataError(
                f"The codes have {new.shape[1]} units but the map was made of {self.units}: pass its codes."
            )
        return self.transform(new).float()


def project(
    codes: Tensor,
    spec: ProjectionSpec,
    start: Tensor | None = None,
    progress: Progress = silent,
) -> Projection:
    """A map of ``codes`` (n, units), the same for the same codes, ``spec`` and ``start``; on the CPU.

    ``start`` (n, d): an earlier map of the same examples, which this one follows. UMAP and t-SNE begin with it,
    whatever its scale; of PCA it decides which way the axes point.

    ``progress(share, text)`` is called at every epoch of UMAP and at every 50th iteration of t-SNE; what it raises
    ends the work. While they work, both silence the warnings of the whole process, and t-SNE redirects its
    standard output; UMAP compiles itself when first used, in 10 s, or 30 s for 4,096 codes and more. Give them a
    process of their own. Then 10,000 codes take 3 s by UMAP and about a minute by t-SNE on one core, and half with
    a start.

    Raises `ConfigError` when there are too few points or units for the settings, and `DataError` when codes or
    ``start`` are not finite or not of the shapes above, and for all but PCA when all codes are equal.
    """
    x = rows(codes, "codes").cpu()
    begin = None if start is None else _checked(start, len(x), spec.dimensions)
    plane: Plane | None = None
    transform: Callable[[Tensor], Tensor] | None = None
    if spec.method == "pca":
        if spec.dimensions > min(x.shape):
            raise ConfigError(
                f"PCA to {spec.dimensions} dimensions needs that many points and units (got {len(x)} points of "
                f"{x.shape[1]} units): choose fewer dimensions, more units or UMAP."
            )
        plane = principal_plane(x, spec.dimensions, begin)
        transform = plane.place
        points = plane.place(x)
    elif spec.method == "umap":
        points, transform = umap(x, spec.dimensions, spec.neighbours, spec.min_distance, spec.seed, begin, progress)
    else:
        points = tsne(x, spec.dimensions, spec.perplexity, spec.seed, begin, progress)
    progress(1.0, "Done")
    return Projection(spec, x.shape[1], points.float(), plane, transform)


def _checked(start: Tensor, n: int, dimensions: int) -> Tensor:
    if start.shape != (n, dimensions):
        raise DataError(
            f"The map to start from must have a point of {dimensions} dimensions for each of the {n} codes "
            f"(got shape {tuple(start.shape)})."
        )
    return rows(start, "points to start from").cpu()
