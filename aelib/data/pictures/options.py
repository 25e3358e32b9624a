"""`PictureOptions`: how pictures become examples."""

from typing import Annotated, Literal

from pydantic import Field

from aelib.spec import Spec

MAX_SIDE = 128


class PictureOptions(Spec):
    """How pictures become examples of one size.

    ``side``: height and width in pixels. ``fit``: how a picture comes to be square. "fit" stretches it: all of it is
    there, its proportions are not. "crop" keeps the largest square in its middle. "pad" keeps all of it and its
    proportions: its longer side becomes ``side``, and the rest is a border in the median colour of the picture's edge.
    ``colour``: "colour" (three channels), "grey" (one: 0.299 R + 0.587 G + 0.114 B) or "as_it_is": three if any picture
    has colour, else one. ``invert``: black becomes white. ``classes``: whether folders are classes.

    ``held_out``: the share that is not trained on; of no effect where there are folders for training and test.
    ``stratified``: whether each class has its share of the held-out pictures, and of ``at_most``, the number of
    pictures that are kept, chosen by ``seed``.
    """

    side: Annotated[int, Field(ge=4, le=MAX_SIDE)] = 64
    fit: Literal["fit", "crop", "pad"] = "crop"
    colour: Literal["colour", "grey", "as_it_is"] = "as_it_is"
    invert: bool = False
    classes: bool = True
    held_out: Annotated[float, Field(gt=0, lt=1)] = 0.2
    stratified: bool = True
    at_most: Annotated[int, Field(ge=2)] | None = None
    seed: Annotated[int, Field(ge=0, lt=1 << 32)] = 0

    @property
    def channels(self) -> int:
        """Of a decoded picture, before it is known whether any has colour."""
        return 1 if self.colour == "grey" else 3
