"""The product's settings with a channel layer that can be made to fail (bench.load.faulty_layer)."""
from mingfa.settings import *  # noqa: F403
from mingfa.settings import CHANNEL_LAYERS

CHANNEL_LAYERS["default"]["BACKEND"] = "bench.load.faulty_layer.FaultyLayer"
