"""What each command does, one module per command, named as the command."""
