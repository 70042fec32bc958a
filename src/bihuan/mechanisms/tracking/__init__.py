"""Tracking (“标的物”跟踪): long matters are followed with plan, rhythm and bulletins until they are really done."""
