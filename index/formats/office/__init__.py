"""Formats of office programs: texts, presentations and workbooks."""
