"""Official papers as files: described once, drawn as a word-processing file or as PDF."""
