"""What HR reads about the whole district: its page and its workbook."""
