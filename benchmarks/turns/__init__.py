"""What a durable turn costs, beside a bare aiohttp echo in the same run."""
