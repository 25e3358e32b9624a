"""The pages of the app, and what they have in common."""

import streamlit as st

from .library_page import library_page
from .train_page import train_page

LIBRARY = st.Page(
    library_page, title="Library", icon=":material/collections_bookmark:", url_path="library", default=True,
    help="Pretrained models and the runs you saved: look at their latent spaces at once.",
)  # fmt: skip
TRAIN = st.Page(
    train_page, title="Train", icon=":material/model_training:", url_path="train",
    help="Choose a data set and a variant, and watch it learn.",
)  # fmt: skip


def run() -> None:
    """Show the page that the URL names."""
    st.set_page_config(page_title="Autoencoder Explorer", page_icon=":material/blur_on:", layout="wide")
    st.session_state["pages"] = {"library": LIBRARY, "train": TRAIN}
    st.navigation([LIBRARY, TRAIN], position="top").run()
