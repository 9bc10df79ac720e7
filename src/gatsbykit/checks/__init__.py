"""What is doubtful in an institution's records."""
