"""What `import_laws SOURCE` may be given: a folder, a .db file or the word `package`."""
from pathlib import Path

from mingfa.library.importing.folder import read_folder
from mingfa.library.importing.package import installed_package, read_database
from mingfa.library.importing.parsed import LawFormatError, ParsedEdition

THE_PACKAGE = "package"


def read_source(source: str) -> tuple[list[ParsedEdition], list[str]]:
    """All editions of a source, and the names of files in it that are no laws.

    Raises LawFormatError when there is nothing to read or something in it cannot be read.
    """
    if source == THE_PACKAGE:
        path, name = installed_package()
        return read_database(path, name), []
    path = Path(source)
    if path.is_dir():
        return read_folder(path)
    if path.is_file():
        return read_database(path, path.name), []
    raise LawFormatError(source, "没有这个文件夹或文件")
