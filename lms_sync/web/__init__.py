"""The desk in a browser, and the outer app for partners and verification: pages parse, call acts and show."""
