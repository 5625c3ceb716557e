"""Reading for the desk's pages. The viewer comes first."""
