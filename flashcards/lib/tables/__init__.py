"""Tables from files and into files: text with separators, workbooks, cells that no program takes for formulas."""
