"""What operations take and answer with, by room."""
