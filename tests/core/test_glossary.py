"""The glossary has a term for the name of everything that is shown, and each says what it is."""

import re

import pytest

from aelib import VARIANTS, ConfigError, Experiment
from aelib.commands.cli import main
from aelib.frames.readouts import AFTER, BEFORE
from aelib.frames.sheets import sheets_of
from aelib.glossary import GLOSSARY, TERMS, find
from aelib.metrics.likelihood import COLLAPSED_BELOW
from aelib.spec import knobs_of
from tests.imports import ROOT

#: Names of terms as the modules of the app give them.
SAID = re.compile(r"""\b(?:explained|number)\((?:\w+\.)*terms, "([^"]+)\"""")


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.key)
def test_a_term_is_a_plain_sentence_and_says_what_to_watch(term):
    assert term.sentence.endswith((".", "?"))
    assert term.watch.endswith(".")
    assert len(term.sentence) <= 160  # on a phone it is read at a glance
    assert len(term.watch) <= 160
    assert not term.formula.endswith(".") or term.formula.endswith("const.")


def test_no_name_means_two_things():
    names = [" ".join(name.casefold().split()) for t in TERMS for name in {t.key.replace("_", " "), t.name, *t.also}]
    by_term = [{" ".join(n.casefold().split()) for n in (t.key.replace("_", " "), t.name, *t.also)} for t in TERMS]
    assert len(set(names)) == sum(map(len, by_term))


def shown(variant):
    """The names of all that a run of a variant shows: readouts, knobs, terms of its loss, trade, sheets and rows."""
    experiment = Experiment.of("digits", variant)
    objective = experiment.objective
    sheets = sheets_of(experiment)
    yield from (readout.name for readout in (*BEFORE, *objective.readouts, *AFTER))
    yield from {**knobs_of(type(objective)), **experiment.knobs}
    yield from objective.labels
    yield from [objective.trade.name] if objective.trade else []
    yield from (sheet.name for sheet, _ in sheets)
    yield from (row.name for _, rows in sheets for row in rows)


@pytest.mark.parametrize("variant", VARIANTS)
def test_all_that_a_variant_shows_has_a_term(variant):
    assert sorted(name for name in shown(variant) if name not in GLOSSARY or not name.isidentifier()) == []


def test_the_modules_of_the_app_name_terms_that_there_are():
    said = {name for path in (ROOT / "app/web").rglob("*.js") for name in SAID.findall(path.read_text("utf-8"))}
    assert len(said) > 20
    assert sorted(said - set(GLOSSARY)) == []
    assert all(name.isidentifier() for name in said)  # what the browser gets


@pytest.mark.parametrize(
    ("asked", "key"),
    [("kl", "kl"), ("KL divergence", "kl"), ("Kullback-Leibler diversion", None), ("unit_kl", "kl"),
     ("5-nn", "neighbours"), ("β", "beta"), ("Held out", "held_out"), ("held-out examples", "held_out"),
     ("TRUSTWORTHINESS", "trustworthiness")],
)  # fmt: skip
def test_a_term_is_found_by_any_of_its_names(asked, key, complains):
    if key:
        assert find(asked).key == key
        return
    with complains(ConfigError, asked, "close to it", "KL divergence"):
        find(asked)


def test_the_command_explains_a_term_lists_all_and_offers_what_is_close(capsys):
    assert main(["explain", "posterior", "collapse"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Collapsed unit\n")
    assert "Watch: " in said
    assert main(["explain"]) == 0
    listed = capsys.readouterr().out
    assert all(f"{term.name}: {term.sentence}" in " ".join(listed.split()) for term in TERMS)
    assert main(["explain", "trustworthyness"]) == 1
    assert "close to it are Trustworthiness" in capsys.readouterr().err
    assert main(["explain", "zebra crossing"]) == 1
    assert "zebra crossing" in capsys.readouterr().err


def test_the_threshold_of_collapse_is_the_one_that_counts():
    formulas = [term.formula for term in GLOSSARY.values()]
    said = [number for formula in formulas for number in re.findall(r"[<≥] ([0-9.]+) nats", formula or "")]
    assert said
    assert {float(number) for number in said} == {COLLAPSED_BELOW}
