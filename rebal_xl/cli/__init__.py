"""The command line: `rebal-xl new`, `demo`, `check`, `drift` and `rebalance`."""


def main() -> int:
    """Run the command line on this process's arguments; returns the exit code."""
    from rebal_xl.cli.app import run

    return run()
