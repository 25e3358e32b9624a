"""``python holder.py FILE [join]``: holds a lifeline and says so, until standard input ends.

It takes the one module alone: the package would bring PyTorch, which takes seconds.
"""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

if __name__ == "__main__":
    source = Path(__file__).parents[2] / "aelib" / "processes" / "lifeline.py"
    spec = spec_from_file_location("lifeline", source)
    lifeline = module_from_spec(spec)
    spec.loader.exec_module(lifeline)
    path = Path(sys.argv[1])
    held = lifeline.Lifeline.join(path) if sys.argv[2:] else lifeline.Lifeline(path)
    print(bool(held), flush=True)
    sys.stdin.read()
