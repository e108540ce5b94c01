"""A channel layer that fails as the file named by FAULTS says at the moment: {"lose": 0.3, "die_at": "text of a mark"}.

`die_at` is kill -9 between the commit of that event and its hint.
"""
import json
import os
import random
import signal
from pathlib import Path

from channels_redis.pubsub import RedisPubSubChannelLayer


class FaultyLayer(RedisPubSubChannelLayer):
    async def group_send(self, group, message):
        faults = json.loads(Path(os.environ["FAULTS"]).read_text())
        if message["type"] == "live.events":
            if any(one["data"].get("text") == faults.get("die_at", "") for one in message["events"]):
                os.kill(os.getpid(), signal.SIGKILL)
            if random.random() < faults.get("lose", 0):
                return
        await self.__getattr__("group_send")(group, message)  # the layer of the running loop
