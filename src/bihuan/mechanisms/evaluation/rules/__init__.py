"""Pure decisions of evaluation: marks and hidden raters, the draw, the signed link, the detectors."""
