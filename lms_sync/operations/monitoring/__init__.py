"""What machines read of the nights: a check for monitoring, a report of each night, metrics, a ping when it ends."""
