"""The command line: the only place that prints, knows today's date and exits."""
