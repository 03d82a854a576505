"""How often to rebalance: the same household under several rules of looking, over many paths of returns."""

from rebal_xl.study.rules import DEFAULT_RULES, read_rules
from rebal_xl.study.study import PATHS, SEED, YEARS, Wishes, how_often, study_problems

__all__ = ["DEFAULT_RULES", "PATHS", "SEED", "YEARS", "Wishes", "how_often", "read_rules", "study_problems"]
