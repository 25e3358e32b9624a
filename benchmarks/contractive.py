"""What the exact contractive penalty of a deep encoder costs."""

from aelib import MLP, Autoencoder, Contractive, TrainConfig, Vanilla, train
from benchmarks.data import mnist_or_noise
from benchmarks.figure import Figure
from benchmarks.timing import interleave, ratio, seconds_of, spread

#: Code size, and how many times as long as a plain step a step may take.
TARGETS = {2: 2.1, 16: 5.0}
BATCH = 128


def run(quick: bool) -> list[Figure]:
    """Seconds per step with the penalty over seconds per step without it."""
    data, _ = mnist_or_noise()
    steps, rounds = (20, 10) if quick else (40, 30)
    figures = []
    for latent, target in TARGETS.items():
        turns = {}
        for name, objective in (("plain", Vanilla()), ("contractive", Contractive())):
            model = Autoencoder(MLP(data.shape, hidden=(256, 64), latent=latent), objective)
            config = TrainConfig(epochs=1_000_000, batch_size=BATCH, evaluate_every=0)
            turns[name] = seconds_of(train(model, data, config), steps)
        times = interleave(turns, rounds)
        figures.append(
            Figure(
                f"contractive step / plain step, z = {latent}",
                ratio(times, "contractive", "plain"),
                "×",
                ("≤", target),
                spread(times, "contractive", "plain"),
            )
        )
    return figures
