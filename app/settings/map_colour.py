"""What a link may say of the colour of a latent map."""

import re

from aelib.networks.base import NetworkSpec

#: As the page names its choices: columns, factors and units by their places.
_COLOUR = re.compile(r"(?:label|errors|kl|split|clusters (?:k-means|hdbscan)|(unit|factor|column) (0|[1-9][0-9]{0,4}))")
#: Factors that data may have, at most, as far as a link is concerned.
MOST_FACTORS = 1000


def known_colour(text: str, network: NetworkSpec) -> str:
    """``text`` where it may be a colour of the map of such a model; else nothing.

    Which columns and factors the data has, only the page learns: there what is not among its choices is not taken.
    """
    found = _COLOUR.fullmatch(text)
    if not found:
        return ""
    kind, place = found[1], int(found[2] or 0)
    columns = network.features if len(network.shape) == 1 else 0
    most = {"unit": network.latent, "factor": MOST_FACTORS, "column": columns}.get(kind)
    return text if most is None or place < most else ""
