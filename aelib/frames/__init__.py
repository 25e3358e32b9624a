"""Frames: what a run shows of a moment, as messages for the browser, and the log that keeps them."""
