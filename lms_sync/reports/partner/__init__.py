"""What an agreement partner reads: e-mail, workbook and training plan."""
