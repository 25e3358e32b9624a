"""Published numbers, and how the library obtains them: the rows of ``python -m benchmarks.reference``."""

from benchmarks.published import deep, disentangled, exact, stacked, variational
from benchmarks.published.reproduction import Effort, Reproduction

#: In this order, by the name that they have on the command line.
REPRODUCTIONS: dict[str, Reproduction] = {
    reproduction.name: reproduction
    for reproduction in (
        exact.digits_pca,
        exact.digits_linear,
        exact.mnist_pca,
        deep.pca_30,
        deep.logistic_pca,
        deep.deep_30,
        variational.vae_128,
        variational.beta_vae,
        disentangled.beta_tc_vae,
        stacked.sdae_3,
    )
}

__all__ = ["REPRODUCTIONS", "Effort", "Reproduction"]
