"""The demo district 嘉禾区: readable sources in fixtures/, loaded through the same actions users use.

Part of the assembly, like settings and urls: the one package besides them that names the domain apps.
"""
