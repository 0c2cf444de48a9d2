"""What is lawful, as plain functions and values: standard library only, no database, no clock of its own."""
