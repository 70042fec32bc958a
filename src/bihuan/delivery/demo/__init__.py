"""The demonstration district: six months of invented cases, planned by pure functions and played through the product.

place, firms, people, scenarios   what there is: the fictional 澜川区, all of it invented
scripts, stories, planning        what happens: every step with its time, from a seed and a calendar, no database
playing, meetings, building       the steps taken through the product's own services on a simulated clock
"""
