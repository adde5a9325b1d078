"""What new rules change in anybody's standing: found on the first night, listed, held until HR accepts it."""
