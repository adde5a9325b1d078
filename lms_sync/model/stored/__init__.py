"""What the store keeps as JSON: a type for each kind, by which every version's way of writing it is read back."""
