"""``python -m aelib``."""

import sys

from aelib.commands.cli import main

sys.exit(main())
