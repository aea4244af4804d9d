"""One module or folder per channel. Rule of this folder: of ours it imports only ``trunkline``."""
