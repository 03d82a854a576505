"""
Many households: a firm's book.

files   which files of a folder are households, and which are backups, results or lock files
cash    cash that lies idle, and cash that is missing, before any plan
book    every household of a folder read and measured, one bad file never in the way of the others
"""

from rebal_xl.practice.book import scan
from rebal_xl.practice.files import book_files

__all__ = ["book_files", "scan"]
