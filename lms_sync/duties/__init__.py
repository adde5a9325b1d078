"""What is due when: reviews of agreements, yearly duties, requests to an ESD, deadlines. Pure but for `desk`."""
