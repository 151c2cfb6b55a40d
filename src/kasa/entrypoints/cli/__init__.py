"""The command `kasa`: for the operator on the machine."""
