"""What a partner does on its page: reported trainings, acknowledgements; and evidence shared with an outsider."""
