"""模拟问责 (鹿城): a warning before anybody has to be held to account for real."""
