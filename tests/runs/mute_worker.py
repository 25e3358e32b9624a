"""``python -m tests.runs.mute_worker``: a worker that takes orders and does nothing, until nobody can give it any."""

import sys

if __name__ == "__main__":
    sys.stdin.buffer.read()
