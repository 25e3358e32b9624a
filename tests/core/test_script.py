"""The text of a script: a program that says what it needs to, and nothing that somebody worded."""

import ast

import pytest

from aelib import VARIANTS, Experiment
from aelib.script import Recipe, Turn, as_script


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_program_holds_the_experiment(variant):
    experiment = Experiment.of(variant=variant, train={"seed": 7})
    tree = ast.parse(as_script(Recipe(experiment, 12, (Turn(3, "learning_rate", 0.5),), threads=2)))
    constants = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and node.targets[0].id.isupper()
    }
    assert Experiment.from_json(constants["EXPERIMENT"]) == experiment
    assert (constants["STEPS"], constants["TURNED"]) == (12, {3: {"learning_rate": 0.5}})
    assert "torch.set_num_threads(2)" in ast.unparse(tree)


def test_a_program_says_that_sums_were_rounded_in_two_ways_when_they_were():
    for moved in (False, True):
        said = ast.get_docstring(ast.parse(as_script(Recipe(Experiment.of(), 12, moved=moved))))
        assert ("numbers of threads" in said) == moved
        assert "another processor" in said


def test_of_turns_at_one_step_the_last_counts():
    turns = (Turn(3, "level", 0.5), Turn(9, "level", 0.1), Turn(3, "level", 0.6), Turn(3, "emphasis", 1.0))
    text = as_script(Recipe(Experiment.of(variant="denoising"), 12, turns))
    assert "    3: {'level': 0.6, 'emphasis': 1.0},\n    9: {'level': 0.1},\n" in text


def test_without_turns_the_program_does_not_speak_of_knobs():
    text = as_script(Recipe(Experiment.of(), 12))
    assert "TURNED" not in text
    assert "set_knob" not in text
