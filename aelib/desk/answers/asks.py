"""What can be asked about a latent space: typed, validated questions, the same from a browser and within the server.

Every question names how many examples the space has (``limit``): codes and indices mean those.
"""

from typing import Annotated, Literal, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from aelib.corruption import CorruptionName
from aelib.errors import ConfigError, sentence
from aelib.latent.clusters import ClusterSpec
from aelib.latent.projection import ProjectionSpec
from aelib.spec import Spec

#: Examples in a space, at most: all of MNIST.
MAX_EXAMPLES = 70_000
#: Of a question as it travels.
MAX_ASK_BYTES = 1 << 21
#: Units of a code and numbers of an example, at most, that a question may carry.
MAX_UNITS, MAX_FEATURES = 4096, 1 << 16
#: Pictures in one answer.
MAX_PICTURES = 2000

Real = Annotated[float, Field(allow_inf_nan=False, ge=-1e6, le=1e6)]
Code = Annotated[list[Real], Field(min_length=1, max_length=MAX_UNITS)]
Index = Annotated[int, Field(ge=0, lt=MAX_EXAMPLES)]


Asked = TypeVar("Asked")


class AnyAsk(Spec):
    """How many examples the space has; and the number that whoever asks over a socket knows the question by."""

    id: int | None = Field(None, strict=True, ge=0, lt=2**53)
    limit: int = Field(10_000, ge=1, le=MAX_EXAMPLES)


class Space(AnyAsk):
    """The codes of the examples, with everything that the map can be coloured by."""

    ask: Literal["space"] = "space"


class Column(AnyAsk):
    """One column of the examples, in the units of their table, by its place among ``columns`` of the space."""

    ask: Literal["column"] = "column"
    column: int = Field(ge=0, lt=MAX_FEATURES)


class Cluster(AnyAsk):
    """Clusters of the codes. HDBSCAN takes a process of its own."""

    ask: Literal["cluster"] = "cluster"
    clustering: ClusterSpec


class Weights(AnyAsk):
    """The decoder."""

    ask: Literal["weights"] = "weights"


class Pictures(AnyAsk):
    """Some examples as pictures: those from ``first`` on, or those of ``indices``."""

    ask: Literal["pictures"] = "pictures"
    first: Index = 0
    count: int = Field(MAX_PICTURES, ge=1, le=MAX_PICTURES)
    indices: list[Index] | None = Field(None, max_length=MAX_PICTURES)


class Project(AnyAsk):
    """A projection of the codes, with its score. UMAP and t-SNE take a process of their own."""

    ask: Literal["project"] = "project"
    projection: ProjectionSpec


class Score(AnyAsk):
    """How honest one, two or three units are as a map."""

    ask: Literal["score"] = "score"
    axes: list[Index] = Field(min_length=1, max_length=3)


class Inspect(AnyAsk):
    """Everything about one example."""

    ask: Literal["inspect"] = "inspect"
    index: Index


class Own(AnyAsk):
    """An example of one's own: its code, reconstruction, neighbours, and how foreign it is.

    ``x``: values in the range of the data, flat. It is corrupted first by so much noise of that kind.
    ``label``: what a conditional decoder is told, −1 for nothing.
    """

    ask: Literal["own"] = "own"
    x: Annotated[list[Real], Field(min_length=1, max_length=MAX_FEATURES)]
    corruption: CorruptionName = "masking"
    level: float = Field(0.0, ge=0, le=1)
    seed: int = Field(0, ge=0, lt=2**31)
    label: int = Field(-1, ge=-1, lt=1000)


class Place(AnyAsk):
    """Where codes fall on a projection that has been made."""

    ask: Literal["place"] = "place"
    projection: ProjectionSpec
    codes: list[Code] = Field(min_length=1, max_length=100)


class Metric(AnyAsk):
    """What has to do with the decoder's metric; a decoder that is told a class is told ``label``, −1 for none."""

    label: int = Field(-1, ge=-1, lt=1000)


class Geodesic(Metric):
    """A shortest path between two codes under the decoder's metric."""

    ask: Literal["geodesic"] = "geodesic"
    begin: Code
    end: Code
    frames: int = Field(33, ge=3, le=200)


class Magnification(Metric):
    """log₁₀ of the magnification factor over a rectangle of a plane of codes."""

    ask: Literal["magnification"] = "magnification"
    low: tuple[Real, Real]
    high: tuple[Real, Real]


class Ball(Metric):
    """Distances under the decoder's metric from one code, over a rectangle of a plane of codes."""

    ask: Literal["ball"] = "ball"
    centre: tuple[Real, Real]
    low: tuple[Real, Real]
    high: tuple[Real, Real]


class Samples(AnyAsk):
    """Draws from the prior or from a Gaussian fitted to the codes, each with its nearest training example.

    The decoder is told ``label``, or −1 for nothing; with ``every_class`` each class in turn, with equal codes.
    """

    ask: Literal["samples"] = "samples"
    source: Literal["prior", "codes"] = "prior"
    count: int = Field(10, ge=1, le=100)
    label: int = Field(-1, ge=-1, lt=1000)
    every_class: bool = False
    seed: int = Field(0, ge=0, lt=2**31)


class Aggregate(AnyAsk):
    """The aggregated posterior of each unit, beside the prior."""

    ask: Literal["aggregate"] = "aggregate"


class Still(AnyAsk):
    """Figures that stand still."""

    ask: Literal["still"] = "still"


class Export(AnyAsk):
    """A file for elsewhere: codes, clusters and projection as a table, or as the Embedding Projector reads them."""

    ask: Literal["export"] = "export"
    format: Literal["csv", "parquet", "projector"]
    projection: ProjectionSpec | None = None
    clustering: ClusterSpec | None = None


class Standalone(AnyAsk):
    """What a page without a server shows: the first examples with their codes and pictures, the decoder, a
    projection, and what they are coloured by."""

    ask: Literal["standalone"] = "standalone"
    projection: ProjectionSpec | None = None
    clustering: ClusterSpec | None = None
    column: int | None = Field(None, ge=0, lt=MAX_FEATURES)


class Animation(AnyAsk):
    """A walk through codes as a GIF."""

    ask: Literal["animation"] = "animation"
    codes: list[Code] = Field(min_length=2, max_length=200)
    label: int = Field(-1, ge=-1, lt=1000)
    milliseconds: int = Field(80, ge=20, le=2000)
    scale: int = Field(8, ge=1, le=32)


Ask = Annotated[
    Space | Column | Cluster | Weights | Pictures | Project | Score | Inspect | Own | Place | Geodesic | Magnification
    | Ball | Samples | Aggregate | Still | Export | Standalone | Animation,
    Field(discriminator="ask"),
]  # fmt: skip
_ADAPTER: TypeAdapter[Ask] = TypeAdapter(Ask)


class Cancel(AnyAsk):
    """Not a question: nobody wants the answer to the one of that number any more."""

    ask: Literal["cancel"] = "cancel"


_ON_A_SOCKET: TypeAdapter[Ask | Cancel] = TypeAdapter(Annotated[Ask | Cancel, Field(discriminator="ask")])


def parse_message(text: str | bytes) -> Ask | Cancel:
    """What came over a socket, from JSON; `ConfigError` when it means nothing."""
    return _parse(_ON_A_SOCKET, text)


def parse_ask(text: str | bytes) -> Ask:
    """A question from JSON; `ConfigError` when it is none."""
    return _parse(_ADAPTER, text)


def _parse(adapter: TypeAdapter[Asked], text: str | bytes) -> Asked:
    try:
        return adapter.validate_json(text)
    except ValidationError as error:
        raise ConfigError(f"This message is not a question: {sentence(error)}") from None
