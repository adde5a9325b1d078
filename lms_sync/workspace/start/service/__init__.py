"""Templates of what runs the night on a server: systemd's units, a line for cron, a container."""
