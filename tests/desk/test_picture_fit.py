"""How pictures of one's own were fitted is told with the space, so that an uploaded one is fitted alike."""

from dataclasses import replace

from aelib import load_dataset
from aelib.data import PictureOptions, SplitOptions, add_dataset
from aelib.data.added import describe_added
from aelib.desk.answers import asks
from aelib.desk.answers.space import space
from aelib.desk.answers.subject import load_examples
from aelib.experiment import Experiment
from aelib.frames.message import unpack


def quietly(share, text):
    pass


def added(home, source, options):
    """The id of pictures that were added so."""
    kept = options if isinstance(options, dict) else options.model_dump(mode="json")
    return add_dataset(load_dataset("digits"), source=source, options=kept, home=home).name


def test_the_options_of_an_import_of_pictures_are_known(tmp_path):
    options = PictureOptions(fit="pad", invert=True)
    assert describe_added(added(tmp_path / "a", "zip", options), tmp_path / "a").picture_options == options
    assert describe_added(added(tmp_path / "b", "arrays", SplitOptions()), tmp_path / "b").picture_options is None
    newer = {"fit": "squeeze", "side": 8}
    assert describe_added(added(tmp_path / "c", "folder", newer), tmp_path / "c").picture_options is None


def test_a_page_learns_how_to_fit_a_picture(subject, monkeypatch, tmp_path):
    monkeypatch.setenv("AELIB_HOME", str(tmp_path))
    experiment = Experiment.of(added(None, "folder", PictureOptions(fit="fit", invert=True)))
    examples = load_examples(None, experiment, 10, quietly)
    meta, _ = unpack(
        space(replace(subject, examples=replace(subject.examples, pictures=examples.pictures)), asks.Space(), quietly)
    )
    assert (meta["fit"], meta["inverted"]) == ("fit", True)
    meta, _ = unpack(space(subject, asks.Space(), quietly))
    assert (meta["fit"], meta["inverted"]) == (None, False)
