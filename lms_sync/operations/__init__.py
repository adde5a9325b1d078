"""What runs unattended or looks after the workspace: the night, pulls, check, doctor, retention."""
