"""What mentoring is: aggregates, their events and rules, without input, output or keys."""
