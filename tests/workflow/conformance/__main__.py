"""Writes the table of what runs into the README."""

from tests.workflow.conformance import table

table.README.write_text(table.written(table.README.read_text(encoding="utf-8")), encoding="utf-8")
