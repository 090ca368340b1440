"""Measurements side by side with peers, as ratios in one run; never part of the tests."""
