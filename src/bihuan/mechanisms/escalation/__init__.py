"""联动上报 (J5): what a level cannot coordinate goes up, stays visible below, and its answer comes down."""
