"""How the lines of a comparison are drawn: a model has one colour in all figures, and so has PCA of a code size."""

from aelib.compare.comparison import Comparison
from aelib.palette import CLASS_COLOURS, Look
from aelib.report.report import Figure

#: Of the models and of PCA at each code size, in their order.
MODELS = (CLASS_COLOURS[0], CLASS_COLOURS[4], CLASS_COLOURS[2], CLASS_COLOURS[5])
PCAS = (CLASS_COLOURS[1], CLASS_COLOURS[7], CLASS_COLOURS[3], CLASS_COLOURS[8])


def looks(found: Comparison, figure: Figure) -> list[Look]:
    """Of each line; in a figure of noise a model is dashed that never saw this noise in training."""
    colours: dict[str, str] = {}
    for kind, some in (("model", MODELS), ("pca", PCAS)):
        names = [entry.name for entry in found.entries if entry.kind == kind]
        colours |= {name: some[place % len(some)] for place, name in enumerate(names)}
    new = found.new_to(figure.name) if figure in found.robustness else ()
    return [Look(colours.get(line.of or line.label, PCAS[0]), (line.of or line.label) in new) for line in figure.lines]
