"""Claims to facts: whose word is adopted, what is contested, how many speakers stand behind it."""
