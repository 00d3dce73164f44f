"""Coaches: who may sign in, by which means, and what they did. The desk itself is put together in pwa.desk."""
