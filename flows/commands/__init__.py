"""The commands: one module or package per command, with the command's name."""
