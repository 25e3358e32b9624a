"""The browser app: a Streamlit front end that drives `aelib`. It holds no mathematics."""
