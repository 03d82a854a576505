"""A plan as one page for the client: words, pictures and tables in a single file that asks nothing of any network."""

from rebal_xl.report.page import Picture, Report, render

__all__ = ["Picture", "Report", "render"]
