"""The browser thins its frames as the server thins its log."""

import json
import random

from aelib.frames.framelog import evenly_spread
from tests.web.node import run_script


def test_both_keep_the_same_frames():
    draw = random.Random(0)
    cases = []
    for _ in range(200):
        positions = sorted(draw.choices(range(draw.choice([3, 50, 10_000])), k=draw.randint(1, 80)))
        cases.append([positions, draw.randint(1, len(positions))])
    found = run_script("spread.mjs", given=json.dumps(cases))
    assert json.loads(found) == [evenly_spread(positions, keep) for positions, keep in cases]
