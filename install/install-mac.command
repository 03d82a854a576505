#!/bin/sh
# Finds a Python 3.11 to 3.14 and hands over to install_mac.py, which explains everything it does. Double-click it.
cd "$(dirname "$0")" || exit 9
for name in python3.13 python3.12 python3.14 python3.11 python3; do
    if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null; then
        exec "$name" -I install_mac.py "$@"
    fi
done
echo "rebal_xl needs Python 3.11 to 3.14, and none was found. Install it from https://www.python.org/downloads/macos/"
exit 10
