"""The script that Streamlit runs for every interaction: navigation, then the page."""

import importlib
from pathlib import Path

# Streamlit runs this file as a script; the modules beside it are a package, named like their folder.
importlib.import_module(f"{Path(__file__).parent.name}.navigation").run()
