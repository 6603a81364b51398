"""Files of every format as rows of text, read in a sandbox."""
