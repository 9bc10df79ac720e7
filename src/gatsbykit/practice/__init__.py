"""Careers work in practice: programmes against records, and the training of careers leaders."""
