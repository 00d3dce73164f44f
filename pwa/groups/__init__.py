"""Schools: who their readers are, and their calendar."""
