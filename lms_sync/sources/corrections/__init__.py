"""The correction loop: a sheet that a partner fills in comes back and becomes claims, never credit by itself."""
