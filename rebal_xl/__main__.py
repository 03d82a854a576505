"""`python -m rebal_xl` is `rebal-xl`."""

import sys

from rebal_xl.cli import main

if __name__ == "__main__":
    sys.exit(main())
