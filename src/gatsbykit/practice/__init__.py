"""What institutions do, held against what was planned and asked: programmes, leaders, groups."""
