"""What payment platforms send: notifications."""
