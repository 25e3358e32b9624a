"""Training, and what it goes by."""

from aelib.glossary.term import Term

LEARNING = (
    Term(
        "loss", "Loss",
        "The one number that training makes small: the reconstruction error plus what the objective charges besides.",
        "L = reconstruction + penalties, summed over an example, averaged over examples",
        "Its terms are in one currency: when one falls and another rises, that is a trade.",
    ),
    Term(
        "training_loss", "Training loss",
        "The loss on the examples that the model learns from, averaged over the latest steps.",
        "",
        "Where it goes on falling while the held-out loss rises, the model learns examples by heart.",
        also=("train", "training"),
    ),
    Term(
        "held_out", "Held-out examples",
        "Examples that the model never learns from, kept to see how it does on what is new to it.",
        "",
        "The gap between the training and the held-out loss is overfitting.",
        also=("test", "held-out", "held out", "validation", "test set"),
    ),
    Term(
        "step", "Step",
        "One small change of all weights, computed from one batch of training examples.",
        "w ← w − η · Adam(∂L/∂w)",
        "Steps go by fast at first and change much; late ones change little.",
    ),
    Term(
        "epoch", "Epoch",
        "One pass over all training examples, in a new order each time.",
        "steps / epoch = training examples / batch size",
        "Few epochs leave a model unfinished; with many, watch the held-out loss.",
    ),
    Term(
        "learning_rate", "Learning rate",
        "How large each step of the training is.",
        "w ← w − η · Adam(∂L/∂w)",
        "Too small is slow; too large makes the loss jump or diverge.",
        also=("η",),
    ),
    Term(
        "nats", "Nats",
        "The unit of information with the natural logarithm; 1 nat is 1.44 bits.",
        "−log p, log to the base e",
        "Losses in nats can be set against a KL divergence; squared errors have units of their own.",
        also=("nat",),
    ),
    Term(
        "likelihood", "Likelihood",
        "How probable the decoder finds an example, given its code; training makes its negative logarithm small.",
        "log p(x | z) = log p(x | g(z))",
        "Squared error, cross-entropy and a Gaussian with σ weigh the reconstruction differently against any penalty.",
        also=("cross_entropy", "cross-entropy"),
    ),
    Term(
        "weight", "Weight of the penalty",
        "How much the penalty on the code counts beside the reconstruction error.",
        "L = reconstruction + λ · penalty",
        "Turned up, the code gets what the penalty asks for, and the reconstruction pays.",
        also=("λ", "lambda", "penalty", "regularisation"),
    ),
    Term(
        "sigma", "Deviation of pixels σ",
        "The standard deviation of the noise that the Gaussian likelihood expects on each pixel.",
        "−log p(x | z) = Σᵢ [(xᵢ − x̂ᵢ)² / 2σ² + log σ] + const.",
        "Small σ makes every error dear, so that penalties hardly count; large σ the other way round.",
        also=("deviation", "learned σ", "σ"),
    ),
    Term(
        "time_machine", "Time machine",
        "Every moment of the training is kept: the slider shows all of the page as it was then.",
        "",
        "Drag it to see when groups part, when a curve bends, or what a turned knob did.",
    ),
    Term(
        "knobs", "Live knobs",
        "Settings that training reads at every step, so that they act while you drag them.",
        "",
        "Curves show a mark where a knob was turned: see what follows it.",
    ),
)  # fmt: skip
