"""音视频 of a training, all of it optional: the trainer's encoder → our process → viewers, HLS and the recording.

`boxes`, `tracks`, `playlist` and `schemes` are pure. Bytes never pass the event socket of the room, and no codec runs
on the server: the browser's fragmented MP4 is cut at its box borders and handed on.
"""
