"""The look of every page: frame, components, styles, small behaviours. Knows nothing of cases."""
