"""好差评与回访: the enterprise's word, asked for, heard, and answered."""
