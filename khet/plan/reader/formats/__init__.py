"""One reader a kind of file, each loaded only when such a file comes."""
