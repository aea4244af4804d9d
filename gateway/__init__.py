"""Configuration, plugin loading, the HTTP application and the command line: where everything meets."""
