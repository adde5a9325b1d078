"""Gap report and plan → what people read: e-mail parts, a workbook, the night's summary, JSON and CSV.

Every function returns text, bytes or data; none of them sends, prints or reads a clock.
"""
