"""rebal_xl: tax-aware household rebalancing for US financial advisors."""

__version__ = "0.1.0"
