"""What people edit: the settings, the roster, the course map, and how a new workspace starts."""
