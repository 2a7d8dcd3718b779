"""Networks that start from others, which may differ in size or kind."""
