"""What is seen of a latent space: maps, their layouts and backgrounds, what is laid on them."""

from aelib.glossary.term import Term

MAPS = (
    Term(
        "latent_map", "Latent map",
        "Each point is the code of one example; the colour tells its class, or something else of it.",
        "zᵢ = f(xᵢ), two units of it",
        "Which examples lie together, what lies between them, and what is empty.",
        also=("map",),
    ),
    Term(
        "layout", "Layout",
        "Which plane the codes are drawn in: units of the code as they are, PCA, UMAP or t-SNE.",
        "",
        "PCA keeps distances where it can; UMAP and t-SNE keep neighbours: gaps and sizes of groups mean little.",
        also=("umap", "t-SNE", "projection", "code axes"),
    ),
    Term(
        "background", "Background",
        "What lies behind the points: how dense codes are, what the decoder makes of each place, or its magnification.",
        "",
        "Behind gaps between groups the decoded plane shows what the model makes up.",
        also=("code density", "decoded plane"),
    ),
    Term(
        "clusters", "Clusters",
        "Groups that an algorithm finds in the codes, without labels: k of them (k-means), or dense ones (HDBSCAN).",
        "k-means: minₖ Σᵢ ‖zᵢ − cₖ₍ᵢ₎‖²",
        "Compare them with the classes: where they agree, the code has found the classes by itself.",
        also=("k-means", "HDBSCAN"),
    ),
    Term(
        "shared_scale", "One scale for all maps",
        "Whether all maps of a sweep have the same scale, or each is as close as its own codes allow.",
        "",
        "With one for all, what is larger in one cell than in another is seen to be.",
    ),
    Term(
        "separation", "AUC along a direction",
        "The chance that an example of set A lies farther along the direction v than one of set B.",
        "AUC = P(v · z of A > v · z of B)",
        "0.5 is no better than a coin; on examples that did not make v it tells whether v means something.",
    ),
    Term(
        "fitted", "Fitted like the data",
        "Your picture gets the size, place, polarity and contrast of the data's pictures, unless it has them.",
        "",
        "Without it a small or dark figure is far from all that the model knows.",
    ),
    Term(
        "disparity", "Disparity",
        "How different two maps are once one has been moved, turned and scaled onto the other (Procrustes).",
        "Σ ‖a − s·b·R − t‖² / Σ ‖a − ā‖², at its least",
        "0 is the same map up to turning; 1 has nothing in common.",
        also=("procrustes",),
    ),
)  # fmt: skip
