"""lms_sync.toml and the environment: strict, frozen, one class a section."""
