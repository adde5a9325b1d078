"""A new workspace: settings, roster, course map, layouts and inbox."""
