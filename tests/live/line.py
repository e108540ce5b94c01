"""A line between a browser and the server that can really be cut: connections end, or hang without a word.

    with Line(port) as line:           line.url leads to the server
        line.cut()                     every connection is torn, new ones are refused
        line.hang()                    everything sent either way is swallowed; nobody is told
        line.mend()
"""
import socket
import threading
from contextlib import suppress


class Line:
    def __init__(self, port):
        self.target = ("127.0.0.1", int(port))
        self.state = "whole"
        self.pairs = set()
        self.lock = threading.Lock()

    def __enter__(self):
        self.door = self._listen(0)
        self.port = self.door.getsockname()[1]
        return self

    def __exit__(self, *_):
        self.cut()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def cut(self):
        self.state = "cut"
        with suppress(OSError):
            self.door.shutdown(socket.SHUT_RDWR)
        self.door.close()
        self._tear()

    def hang(self):
        self.state = "hanging"

    def mend(self):
        """Whole again. What hung is lost, as behind a box that forgot its connections."""
        before, self.state = self.state, "whole"
        if before == "cut":
            self.door = self._listen(self.port)
        elif before == "hanging":
            self._tear()

    def _tear(self):
        with self.lock:
            pairs, self.pairs = self.pairs, set()
        for one in pairs:
            for end in one:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
                end.close()

    def _listen(self, port):
        door = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._welcome, args=[door], daemon=True).start()
        return door

    def _welcome(self, door):
        with suppress(OSError):
            while True:
                near, _ = door.accept()
                pair = (near, socket.create_connection(self.target))
                with self.lock:
                    self.pairs.add(pair)
                for source, sink in (pair, pair[::-1]):
                    threading.Thread(target=self._carry, args=[source, sink, pair], daemon=True).start()

    def _carry(self, source, sink, pair):
        with suppress(OSError):
            while content := source.recv(65536):
                if self.state == "whole":
                    sink.sendall(content)
        if self.state == "hanging":
            return
        for end in pair:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
