"""Queries run in forked workers, killed at their deadline or memory limit: a crash ends a worker only."""
