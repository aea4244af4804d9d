"""A store's content as a folder of files: how conversations move from one kind of database to another."""
