"""Open311 GeoReport v2: one more way in and out of the one register, for the programs of others."""
