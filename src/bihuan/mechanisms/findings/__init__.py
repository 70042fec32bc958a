"""三单联动: one finding, from the item to be checked to the rectification that was looked at again."""
