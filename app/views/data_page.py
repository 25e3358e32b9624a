"""The Data page: one's own pictures, tables and arrays become data that everything else here takes."""

import streamlit as st

from ..components.plain import plain
from ..sections.data.added import added_data
from ..sections.data.new import new_data
from ..sections.data.source import chosen_source


def data_page() -> None:
    """The whole page."""
    st.subheader("Your own data", anchor=False)
    st.caption(
        "Pictures in folders, a table or arrays: add them, and every autoencoder, map and measure here works on them. "
        "They stay on the machine that runs this app."
    )
    if told := st.session_state.pop("data_told", ""):
        st.info(plain(told), icon=":material/content_copy:")
    if source := chosen_source():
        new_data(source)
    added_data()
