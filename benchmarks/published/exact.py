"""Numbers with a closed form, or a unique optimum: these must agree in every digit that is given."""

import numpy as np
import torch
from sklearn.decomposition import PCA
from sklearn.model_selection import KFold
from torch import Tensor

from aelib import Autoencoder, Experiment, load_dataset
from aelib.metrics.reconstruction import squared_error
from aelib.randomness import generator
from benchmarks.published.reproduction import Effort, Obtained, Reproduction

DIGITS = {2: 3.3553, 8: 1.5304, 16: 0.7068, 32: 0.1579}
MNIST = {2: 43.59, 8: 29.31, 10: 26.66, 16: 21.02, 30: 13.88, 32: 13.21, 64: 7.13}
FOLDS = 10
#: Of L-BFGS. It remembers about as many steps as the model has weights: with a shorter memory it comes to a halt
#: before the eighth digit, in valleys along which W₂W₁ hardly changes.
ITERATIONS, QUICK_ITERATIONS, MEMORY = 1_500, 500, 1_000


def pca_errors(fitted_on: Tensor, of: Tensor, sizes: tuple[int, ...]) -> list[float]:
    """1/n Σ ‖x − x̂‖² of the examples ``of`` in the first k principal components of others, for each size k.

    Both are (n, features); float64 throughout.
    """
    pca = PCA(max(sizes), svd_solver="covariance_eigh").fit(fitted_on.double().numpy())
    components, mean = torch.from_numpy(pca.components_), torch.from_numpy(pca.mean_)
    centred = of.double() - mean
    return [squared_error(centred, centred @ components[:k].T @ components[:k]) for k in sizes]


def all_digits() -> Tensor:
    """The 1,797 digits, (n, 64), grey levels from 0 to 1, float64."""
    data = load_dataset("digits")
    return torch.cat([data.train.x, data.test.x]).flatten(1).double()


def _digits_pca(effort: Effort) -> Obtained:
    x = all_digits()
    return Obtained(tuple(pca_errors(x, x, tuple(DIGITS))), "exact; fitted on the 1,797 digits, which it rebuilds")


def _digits_linear(effort: Effort) -> Obtained:
    x, random = all_digits(), generator(0, "reference")
    experiment = Experiment.of("digits", "linear", network={"latent": 8})
    model = Autoencoder(experiment.network, experiment.objective).double()
    iterations = QUICK_ITERATIONS if effort.quick else ITERATIONS
    optimizer = torch.optim.LBFGS(
        model.parameters(),
        max_iter=iterations,
        max_eval=2 * iterations,
        history_size=MEMORY,
        tolerance_grad=1e-9,
        tolerance_change=1e-14,
        line_search_fn="strong_wolfe",
    )
    calls = 0

    def loss() -> Tensor:
        nonlocal calls
        calls += 1
        optimizer.zero_grad()
        value = torch.stack([*model.terms(x, random).values()]).sum()
        value.backward()
        return value

    optimizer.step(loss)
    spent = f"L-BFGS on all 1,797 digits at once, float64, {calls} evaluations"
    return Obtained((float(loss().detach()),), spent)


def _mnist_pca(effort: Effort) -> Obtained:
    x = effort.mnist(whole=True).test.x.flatten(1)
    folds = KFold(FOLDS, shuffle=True, random_state=0).split(x)  # as they come, the first 5,000 are the easier ones
    errors = [pca_errors(x[fit], x[rest], tuple(MNIST)) for fit, rest in folds]
    spent = f"{FOLDS} folds of {len(x):,} test images, each rebuilt by the components of the others"
    return Obtained(tuple(np.mean(errors, axis=0).tolist()), spent)


digits_pca = Reproduction(
    name="digits_pca",
    published={f"digits, PCA, k = {k}": error for k, error in DIGITS.items()},
    decimals=4,
    unit="‖x − x̂‖²",
    source="closed form: the eigenvalues of the covariance that are left out, summed",
    differs="",
    minutes=0.1,
    obtain=_digits_pca,
    dataset="digits",
)

digits_linear = Reproduction(
    name="digits_linear",
    published={"digits, linear autoencoder, k = 8": 1.53044821},
    decimals=8,
    unit="‖x − x̂‖²",
    source="unique optimum: principal component analysis gives 1.53044819 (Baldi & Hornik 1989)",
    differs="",
    minutes=0.5,
    obtain=_digits_linear,
    dataset="digits",
)

mnist_pca = Reproduction(
    name="mnist_pca",
    published={f"MNIST held out, PCA, k = {k}": error for k, error in MNIST.items()},
    decimals=2,
    unit="‖x − x̂‖²",
    source="closed form; 10-fold cross-validation on the 10,000 test images, computed once with scikit-learn",
    differs="",
    minutes=0.5,
    obtain=_mnist_pca,
)
