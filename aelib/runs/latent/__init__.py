"""Answering questions about a latent space, in processes beside the server.

page ── ask ──▶ Desk ──▶ Analyst (a process: model, examples, codes) ──▶ one message, progress on the way

The mathematics is in `aelib.latent`; here it meets runs, checkpoints and the messages of the browser.
"""

from aelib.runs.latent.asks import MAX_ASK_BYTES, Ask, parse_ask
from aelib.runs.latent.desk import Desk, Ticket
from aelib.runs.latent.wire import Reply

__all__ = ["MAX_ASK_BYTES", "Ask", "Desk", "Reply", "Ticket", "parse_ask"]
