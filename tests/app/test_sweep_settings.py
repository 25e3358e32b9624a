"""What a sweep is asked for: as widgets and links have it, and as what it becomes."""

import pytest

from aelib import VARIANTS, Experiment
from aelib.errors import ConfigError
from aelib.sweep import StructureSweep, SweepSpec
from app.settings.sweep_settings import (
    LISTED,
    Wish,
    sweep_of,
    sweepable,
    usual_wish,
    wish_from_query,
    wish_of,
    wish_to_query,
)

BASE = Experiment.of("digits", "variational")


def wish(over: str = "beta", spacing: str = "log", low: str = "0.1", high: str = "10", **rest: str) -> Wish:
    return Wish(over, spacing, low, high, rest.get("count", "9"), rest.get("values", ""))


@pytest.mark.parametrize("variant", VARIANTS)
def test_what_is_usual_makes_a_sweep_and_survives_a_link(variant: str) -> None:
    experiment = Experiment.of("digits", variant)
    for over in sweepable(experiment):
        usual = usual_wish(experiment, over)
        assert usual.over == over
        found, complaints = wish_from_query(wish_to_query(usual), experiment)
        assert not complaints
        if over == "variant":  # one, to which the user adds
            with pytest.raises(ConfigError, match="2 to 64 values"):
                sweep_of(experiment, usual)
            continue
        sweep = sweep_of(experiment, usual)
        assert sweep_of(experiment, found) == sweep
        assert sweep_of(experiment, wish_of(sweep)) == sweep


def test_the_spacing_is_that_of_the_values() -> None:
    values = sweep_of(BASE, wish()).values
    assert values[0] == 0.1
    assert values[-1] == 10
    assert values[4] == pytest.approx(1)
    assert sweep_of(BASE, wish(spacing="linear", low="0", count="5")).values == (0, 2.5, 5, 7.5, 10)
    assert sweep_of(BASE, wish(spacing="list", values=" 0.5, 2;1e-2\n4 ,")).values == (0.5, 2, 0.01, 4)


def test_whole_numbers_stay_whole() -> None:
    sizes = sweep_of(BASE, wish("latent", "log", "1", "60", count="5"))
    assert isinstance(sizes, StructureSweep)
    assert sizes.values == (1, 3, 8, 22, 60)
    seeds = sweep_of(BASE, wish("seed", "linear", "0", "10", count="4"))
    assert isinstance(seeds, SweepSpec)
    assert seeds.values == (0, 3, 7, 10)


def test_layers_and_variants_are_lists() -> None:
    layers = sweep_of(BASE, wish("hidden", "list", values="0; 64; 256, 64"))
    assert layers.values == ("0", "64", "256-64")
    assert sweep_of(BASE, wish("variant", "list", values="vanilla, denoising")).values == ("vanilla", "denoising")


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (wish(count="65"), "2 to 64 values"),
        (wish(spacing="list", values=", ".join(map(str, range(1, 66)))), "2 to 64 values"),
        (wish(count="1"), "2 to 64 values"),
        (wish(high="1000"), "from 0 to 100"),
        (wish(low="10", high="1"), "from a number to a greater one"),
        (wish(low="0"), "start above 0"),
        (wish(low="nan"), "from a number to a greater one"),
        (wish(low="many"), "number such as 0.5"),
        (wish(low=""), "number such as 0.5"),
        (wish(count="nine"), "whole number"),
        (wish(count="²"), "whole number"),
        (wish(spacing="list", values="1, 1"), "differ"),
        (wish(spacing="list", values="1, two"), "number such as 0.5"),
        (wish("latent", "list", values="1, 65"), "from 1 to 64"),
        (wish("latent", "list", values="1, 2.5"), "whole number"),
        (wish("latent", "linear", "1", "3", count="9"), "more than once"),
        (wish("seed", "list", values="0, -1"), "eed"),
        (wish("seed", "list", values="0, 0.5"), "whole number"),
        (wish("seed", "linear", "0", "1e308"), "too far apart"),
        (wish("seed", "log", "1e-300", "1e300"), "too far apart"),
        (wish("latent", "linear", "-1e308", "1e308"), "too far apart"),
        (wish("hidden", "list", values="64; wide"), "whole numbers such as 256, 64"),
        (wish("variant", "list", values="vanilla, unheard-of"), "unheard-of"),
        (wish("gravity"), "no knob 'gravity'"),
    ],
)
def test_bad_input_gets_one_sentence(asked: Wish, sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence) as caught:
        sweep_of(BASE, asked)
    assert "\n" not in str(caught.value)


def test_a_link_that_is_not_understood_gives_way_with_a_sentence() -> None:
    found, complaints = wish_from_query({"over": "gravity", "spacing": "spiral", "from": "x" * 5000}, BASE)
    assert found.over == next(iter(BASE.knobs))
    assert found.spacing == "log"
    assert len(found.low) == 1000
    assert len(complaints) == 2


def test_only_what_means_something_is_in_the_link() -> None:
    assert wish_to_query(wish()) == {"over": "beta", "spacing": "log", "from": "0.1", "to": "10", "count": "9"}
    assert wish_to_query(wish(spacing="list", values="1, 2")) == {"over": "beta", "spacing": "list", "values": "1, 2"}
    for over in LISTED:
        assert "from" not in wish_to_query(usual_wish(BASE, over))
