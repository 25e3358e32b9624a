"""Frames: what a moment of training looks like, as one binary message, and the log that keeps them."""
