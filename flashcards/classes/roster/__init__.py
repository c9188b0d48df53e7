"""A class's list of students from a spreadsheet: read, compared with the class, applied. All or nothing."""
