"""What the pages read: selects that give frozen records, each page in a fixed number of them, each for its actor only."""
