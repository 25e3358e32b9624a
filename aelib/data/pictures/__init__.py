"""Picture files of all kinds as arrays of bytes. Knows no data set."""
