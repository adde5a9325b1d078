"""What is due when: reviews, yearly duties, requests, deadlines, and the yearly report to OSPI."""
