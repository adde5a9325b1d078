"""The roster workbook: who works for whom, or everything that is wrong with it, by cell."""
