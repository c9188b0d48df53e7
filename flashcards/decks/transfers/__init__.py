"""Decks on their way in and out: files are read and written in the background, looked at before, undone after."""
