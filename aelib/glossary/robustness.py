"""Objectives that corrupt the example, or shrink how the code moves with it."""

from aelib.glossary.term import Term

ROBUSTNESS = (
    Term(
        "denoising", "Denoising",
        "The model sees a corrupted example and has to rebuild the clean one, so that copying is not enough.",
        "L = E ‖x − g(f(x̃))‖², x̃ ~ C(x̃ | x)",
        "To repair an example, the model has to know what examples look like.",
    ),
    Term(
        "corrupted", "Corrupted example",
        "What the encoder sees in place of the example: some of its numbers destroyed, or noise on all of them.",
        "x̃ ~ C(x̃ | x)",
        "The target stays the clean example.",
        also=("corruption", "many_corrupted", "noise"),
    ),
    Term(
        "level", "Noise level ν",
        "How strongly examples are corrupted: the share of the numbers destroyed, or the deviation of Gaussian noise.",
        "x̃ ~ C_ν(x̃ | x)",
        "None lets the model copy; too much leaves nothing to repair from.",
        also=("noise level", "ν"),
    ),
    Term(
        "emphasis", "Emphasis α",
        "How much the error of corrupted numbers counts against that of the others.",
        "error · 2α where corrupted, error · 2(1 − α) elsewhere",
        "½ weighs all alike; at 1 the model is judged by its repairs alone.",
        also=("α",),
    ),
    Term(
        "gain", "Denoising gain",
        "How much nearer to the clean example the repair has brought the corrupted one.",
        "‖x̃ − x‖² − ‖g(f(x̃)) − x‖²",
        "Below 0 it would be better to leave the example as it is.",
    ),
    Term(
        "many", "Many corruptions",
        "One example corrupted many times: how far the repairs agree.",
        "samples of p(x | x̃)",
        "Where the repairs differ, the model is unsure, or has taken the example for something else.",
    ),
    Term(
        "many_mean", "Mean of the repairs",
        "The clean example, and the mean of what the model made of all its corruptions.",
        "1/K Σₖ g(f(x̃ₖ))",
        "Blurred places are those that the repairs do not agree about.",
    ),
    Term(
        "many_spread", "Spread of the repairs",
        "How much the repairs differ, pixel by pixel.",
        "standard deviation of g(f(x̃ₖ)) over k",
        "Light places depend on which pixels were destroyed.",
    ),
    Term(
        "contraction", "Norm of the Jacobian ‖∂f/∂x‖",
        "How far the code moves when the example changes a little, in any direction; contractive models pay for its "
        "square.",
        "‖J‖ = √(Σⱼᵢ (∂zⱼ/∂xᵢ)²)",
        "Small means that the code ignores most changes; it should still move along those that tell examples apart.",
        also=("norm", "jacobian", "‖∂f/∂x‖", "‖J‖²", "contractive"),
    ),
    Term(
        "tangents", "Tangents",
        "The changes of an example that its code notices most.",
        "leading right singular vectors of ∂f/∂x",
        "They should be small meaningful changes, such as a thicker or a turned stroke, not noise.",
        also=("tangent_0", "tangent_1", "tangent plane"),
    ),
    Term(
        "encoder_directions", "Encoder directions",
        "The changes of the input that move the code most.",
        "leading right singular vectors of ∂f/∂x",
        "Middle grey stays as it is; white and black move opposite ways.",
    ),
    Term(
        "decoder_directions", "Decoder directions",
        "How the output moves when the code moves; s tells how far for each unit of code.",
        "∂g/∂z = U S Vᵀ: columns of U, and s",
        "A direction with s near 0 changes nothing in what is decoded.",
    ),
    Term(
        "magnification", "Magnification",
        "How many times an area (or volume) of codes is larger once the decoder has drawn it, as a power of ten.",
        "log₁₀ √det JᵀJ, J = ∂g/∂z",
        "Ridges of high magnification are borders: a small step of the code changes much there.",
        also=("log₁₀ √det JᵀJ",),
    ),
)  # fmt: skip
