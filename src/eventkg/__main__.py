"""`python -m eventkg` is the command line."""

from eventkg.cli import main

if __name__ == "__main__":
    main()
