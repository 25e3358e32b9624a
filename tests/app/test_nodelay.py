"""What the server writes leaves at once, whoever made its socket."""

import socket

from app.service.nodelay import send_at_once


def waits(listener: socket.socket) -> bool:
    """Whether a connection that is made now keeps small pieces back until earlier ones are acknowledged."""
    with socket.create_connection(listener.getsockname()):
        connection, _ = listener.accept()
        with connection:
            return not connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_connections_to_a_socket_that_names_no_protocol_send_at_once():
    with socket.socket(socket.AF_INET) as listener:  # as Streamlit makes its own
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        assert waits(listener)
        send_at_once()
        assert not waits(listener)


def test_sockets_of_other_kinds_and_closed_ones_are_let_alone():
    one, other = socket.socketpair()
    with one, other, socket.socket(socket.AF_INET, socket.SOCK_DGRAM):
        closed = socket.socket(socket.AF_INET)
        closed.close()
        send_at_once()
