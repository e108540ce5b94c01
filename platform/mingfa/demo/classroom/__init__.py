"""A class to look at: virtual halls and phones at the real sockets of a running server, led by a script.

`stage` makes the training and its people's sign-ins, `lines` are the sockets, `script` says what happens when,
`play` does it.
"""
