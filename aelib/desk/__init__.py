"""Answering questions about a latent space, in processes beside the server.

page ── ask ──▶ Desk ──▶ Analyst (a process: model, examples, codes) ──▶ one message, progress on the way

The mathematics is in `aelib.latent`; here it meets runs, checkpoints and the messages of the browser.
"""

from aelib.desk.answers.asks import MAX_ASK_BYTES, Ask, Cancel, parse_ask, parse_message
from aelib.desk.desk import Desk, Ticket
from aelib.desk.wire import Reply

__all__ = ["MAX_ASK_BYTES", "Ask", "Cancel", "Desk", "Reply", "Ticket", "parse_ask", "parse_message"]
