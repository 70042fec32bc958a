"""Analytics: reads across mechanisms, never writes casework."""
