"""Records that come in spreadsheets, each kind of sheet described by a layout."""
