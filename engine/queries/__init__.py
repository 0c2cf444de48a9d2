"""What the pages read: plain records, loaded in one go, never changed."""
