"""Where training images come from, and the order in which they are shown."""
