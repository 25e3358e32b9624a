"""What an autoencoder is made of."""

from aelib.glossary.term import Term

PARTS = (
    Term(
        "autoencoder", "Autoencoder",
        "A network that squeezes each example into a few numbers and rebuilds the example from them alone.",
        "x̂ = g(f(x))",
        "What the rebuilt example has lost is what the code had no room for.",
    ),
    Term(
        "input", "Input",
        "The example that the model sees: the pixels of a picture, or the values of a row, as numbers.",
        "x",
        "Compare it with the output: they should agree in all that matters.",
        also=("strip", "clean", "example"),
    ),
    Term(
        "network", "Network",
        "Layers of units: each unit weighs what the layer before passes on, adds it up, and passes the sum on through "
        "an activation function.",
        "hₖ = a(Wₖ hₖ₋₁ + bₖ)",
        "The code is the bottleneck: what does not get through it cannot be rebuilt.",
    ),
    Term(
        "encoder", "Encoder",
        "The first half of the network: it turns an example into its code.",
        "z = f(x)",
        "Examples that it takes for alike get codes that lie close together.",
    ),
    Term(
        "code", "Code",
        "The few numbers that stand for an example between encoder and decoder.",
        "z = f(x)",
        "All that the decoder ever learns of an example is in these numbers.",
        also=("codes", "latent code", "latent", "latent vector"),
    ),
    Term(
        "latent_space", "Latent space",
        "The space of all codes: each point of it is a code, and the decoder makes something of every one.",
        "z ∈ ℝᵐ",
        "Where groups of examples lie, and what is decoded in the gaps between them.",
    ),
    Term(
        "latent_dimension", "Latent dimension",
        "How many numbers a code has, that is how many units the narrowest layer has.",
        "m = dim z",
        "More units rebuild better; too many let the model copy without having to find out what examples share.",
        also=("units", "unit", "code size", "bottleneck"),
    ),
    Term(
        "decoder", "Decoder",
        "The second half of the network: it turns a code, any code, into an output.",
        "x̂ = g(z)",
        "Between the codes of examples it has to invent: there it shows what it has understood.",
        also=("decoded",),
    ),
    Term(
        "reconstruction", "Reconstruction",
        "The example as the model rebuilds it from its code; as a term of the loss, how far that is from the example.",
        "x̂ = g(f(x));  −log p(x | z), or ‖x − x̂‖²",
        "A penalty on the code is paid for here: the reconstruction gets worse as it grows.",
        also=("output", "rebuilt", "examples", "foreign_rebuilt", "many_rebuilt", "reconstructions"),
    ),
    Term(
        "fields", "Weights of the first layer",
        "What each unit of the first layer looks for: it answers to what is light in its picture, and against what is "
        "dark.",
        "hⱼ = a(wⱼ · x + bⱼ)",
        "Strokes, edges and spots are features; noise is a unit that has learned nothing.",
        also=("weights",),
    ),
    Term(
        "unit_variance", "Variance of a unit",
        "How much a unit of the code differs from example to example.",
        "Var(zⱼ) over held-out examples",
        "A unit with hardly any variance says nothing of the example.",
        also=("variance",),
    ),
    Term(
        "constant", "Constant unit",
        "A unit that is the same for all examples, so that it says nothing of any.",
        "Var(zⱼ) = 0",
        "The decoder does without it: the code is smaller than it looks.",
    ),
    Term(
        "pca", "PCA",
        "Principal component analysis: the best that straight lines can do, directions in which examples vary most.",
        "x̂ = x̄ + V Vᵀ(x − x̄), V the first m eigenvectors of the covariance",
        "The rival to beat: a model that is no better than PCA with as many units gains nothing by being deep.",
        also=("principal component analysis", "principal components"),
    ),
)  # fmt: skip
