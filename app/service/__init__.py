"""What one server process has and serves: runs, viewers, sockets, modules."""
