"""What the bench of delivery starts as processes of their own."""
