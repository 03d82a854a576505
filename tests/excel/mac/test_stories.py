"""The stories of reading, writing, importing and inserting once more, told to Excel for Mac: all must end the same."""

from tests.excel.jobs.conftest import *  # noqa: F403 - where the stories play
from tests.excel.jobs.test_importing import *  # noqa: F403
from tests.excel.jobs.test_places import *  # noqa: F403
from tests.excel.live.conftest import *  # noqa: F403
from tests.excel.live.test_read import *  # noqa: F403
from tests.excel.live.test_write import *  # noqa: F403
