"""Writing: opening and closing rounds, codes and sheets, casting an answer."""
