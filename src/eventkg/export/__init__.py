"""The graph and its networks in the forms that other tools read."""
