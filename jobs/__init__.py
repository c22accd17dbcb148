"""What is done without a visitor: letters that are sent, and whatever else waits in the store."""
