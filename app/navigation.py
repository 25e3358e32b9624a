"""The pages of the app, and what they have in common."""

from pathlib import Path

import streamlit as st

from .views.compare_page import compare_page
from .views.data_page import data_page
from .views.latent_page import latent_page
from .views.library_page import library_page
from .views.sweep_page import sweep_page
from .views.train_page import train_page

ICON = Path(__file__).parent / "web" / "icon.png"

# The bench needs the width that Streamlit leaves empty, and long formulas a smaller type.
STYLE = """
.stMainBlockContainer { padding: 4.4rem 2rem 2rem; }
.stSidebar .katex { font-size: 0.92em; }
.stSidebar .katex-display { margin: 0.3em 0 0.8em; text-align: left; overflow-x: auto; overflow-y: hidden; }
.stSidebar .katex-display > .katex { text-align: left; }
.st-key-presets { gap: 0.5rem; }
.st-key-presets button { min-height: 2.1rem; padding: 0.15rem 0.65rem; }
.st-key-headline_buttons { gap: 0.5rem; flex-wrap: nowrap; }
.st-key-headline_buttons button { min-height: 2.25rem; padding: 0.2rem 0.7rem; white-space: nowrap; }
@media (max-width: 640px) {
  .stMainBlockContainer { padding: 4.4rem 0.75rem 1rem; }
  .st-key-presets { flex-wrap: nowrap; overflow-x: auto; padding-bottom: 6px; }
  .st-key-presets button { white-space: nowrap; }
  .st-key-headline > * { flex-basis: 100%; }
  .st-key-headline_buttons { gap: 0.35rem; flex-wrap: wrap; }
  .st-key-headline_buttons button { padding-inline: 0.4rem; }
  .st-key-headline_buttons button p { font-size: 0.875rem; }
  .st-key-compare_choice > .st-key-compare_models { flex-basis: 100%; }
}
"""

LIBRARY = st.Page(
    library_page, title="Library", icon=":material/collections_bookmark:", url_path="library", default=True,
    help="Pretrained models and the runs you saved: look at their latent spaces at once.",
)  # fmt: skip
DATA = st.Page(
    data_page, title="Data", icon=":material/database:", url_path="data",
    help="Add your own pictures, tables and arrays, to train on them.",
)  # fmt: skip
TRAIN = st.Page(
    train_page, title="Train", icon=":material/model_training:", url_path="train",
    help="Choose a data set and a variant, and watch it learn.",
)  # fmt: skip
SWEEP = st.Page(
    sweep_page, title="Sweep", icon=":material/view_module:", url_path="sweep",
    help="Train one model at many values of one thing, and see what it trades for what.",
)  # fmt: skip
LATENT = st.Page(
    latent_page, title="Latent space", icon=":material/scatter_plot:", url_path="latent-space",
    help="Look into the code of a model: project, interpolate, traverse, sample, measure.",
)  # fmt: skip
COMPARE = st.Page(
    compare_page, title="Compare", icon=":material/compare_arrows:", url_path="compare",
    help="Models of the same data side by side, with PCA as their rival: maps, pictures, errors, settings.",
)  # fmt: skip


def run() -> None:
    """Show the page that the URL names."""
    st.set_page_config(page_title="Autoencoder Explorer", page_icon=str(ICON), layout="wide")
    st.html(f"<style>{STYLE}</style>")
    st.session_state["pages"] = {
        "library": LIBRARY,
        "data": DATA,
        "train": TRAIN,
        "sweep": SWEEP,
        "latent": LATENT,
        "compare": COMPARE,
    }
    page = st.navigation([LIBRARY, DATA, TRAIN, SWEEP, LATENT, COMPARE], position="top")
    # A page with a link of its own counts as shown when its link has been told, another as soon as it begins.
    if page not in (TRAIN, SWEEP):
        st.session_state["shown_page"] = page.url_path
    page.run()
    st.session_state["shown_page"] = page.url_path
