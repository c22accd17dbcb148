"""The mailbox: what a portal has written to people, where no mail server carries it away."""
