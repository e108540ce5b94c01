"""Question files with the habits of real offices, each written by hand, and what each of them means.

`FILES` gives by trait: (file name, bytes, the questions it holds). Nothing here knows how they are read.
"""

from tests.bank.odd import keys, layouts, office

FILES = keys.FILES | layouts.FILES | office.FILES
