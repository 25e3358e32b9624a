"""The headline of a page that shows one thing: its title, and what can be done with it."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


def headline(title: str) -> DeltaGenerator:
    """Show a title (Markdown); what is returned is the place of its buttons, beside it or below (see `STYLE`)."""
    row = st.container(horizontal=True, vertical_alignment="center", gap="small", key="headline")
    row.subheader(title, anchor=False)
    return row.container(horizontal=True, gap="small", width="content", key="headline_buttons")
