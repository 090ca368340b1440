"""Shapes against data: the engines that look, and the findings that they report."""
