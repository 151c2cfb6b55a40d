"""`python -m kasa` is the command `kasa`."""

from kasa.entrypoints.cli.app import main

if __name__ == "__main__":
    main()
