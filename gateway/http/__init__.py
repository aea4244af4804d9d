"""The aiohttp application: the adapters' routes, one shape of errors, limits on everything that comes in."""
