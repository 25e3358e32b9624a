"""From one page to another."""

import streamlit as st


def look_into(key: str) -> None:
    """To the latent space of a run or a library entry."""
    st.switch_page(st.session_state["pages"]["latent"], query_params={"open": key})
