"""Invented regulations for the tests: no real law text stands in this repository."""
import sqlite3
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from mingfa.library.actions import import_laws
from mingfa.library.citations import article_label
from mingfa.library.importing.markdown import read_body
from mingfa.library.importing.parsed import Origin, ParsedEdition

NOW = datetime(2026, 6, 1, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
BENCHES = """# 石凳管理条例

2019年3月1日 禾县人民代表大会常务委员会第三次会议通过

2021年5月6日 禾县人民代表大会常务委员会第九次会议修订

<!-- INFO END -->

## 第一章 总　则

第一条 为了让走累的人有地方坐，制定本条例。

第二条 本条例所称石凳，是指公园里可以坐两人以上的椅子。

石凳由园林部门管理。

### 第二章　使用

#### 第一节　坐

第三条\u3000使用石凳，应当遵守下列规定：

（一）先到先坐；

（二）有下列情形之一的，应当让座：

1.老人站立的；

２．孕妇站立的。

(三)不得躺卧。

第三条之一 违反本条例第三条第一款第二项规定的，园林部门应当劝导。

#### 第二节　修

第四条 损坏石凳的，依照《花坛管理条例》第二条处理。

## 附　则

第五条 本条例自2021年7月1日起施行。
"""


def edition(title="石凳管理条例", body=None, *, version=date(2021, 5, 6), **facts) -> ParsedEdition:
    """A parsed edition of an invented law; `body` is its Markdown after INFO END."""
    body = BENCHES.partition("<!-- INFO END -->")[2] if body is None else body
    defaults = {
        "origin": Origin.TEXT,
        "source": "测试",
        "digest": str(hash((title, body, version))),
        "kind": "法律",
        "topic": "行政法",
        "effective_on": date(2021, 7, 1),
    }
    return ParsedEdition(
        title=title, version_on=version, pieces=tuple(read_body(body.splitlines())), **defaults | facts
    )


def articles(*texts: str) -> str:
    """A body of articles 1, 2, 3 … without headings."""
    return "\n\n".join(f"{article_label(number)} {text}" for number, text in enumerate(texts, start=1))


def bring_in(*editions: ParsedEdition):
    """Import editions as the command does; the counts of what happened."""
    return import_laws(editions, now=NOW, report=lambda done: None)


def database(path: Path, laws: list[tuple], rows: list[tuple]) -> Path:
    """A database file shaped like the package's.

    `laws`: (id, name, type, effective, version, status); `rows`: (law id, chapter, section, label, text).
    """
    connection = sqlite3.connect(path)
    connection.execute(
        "create table laws (law_id text primary key, law_name text, doc_type text, level text, issuing_body text,"
        " publish_date text, effective_date text, version_date text, status text, law_department text)"
    )
    connection.execute(
        "create table articles (id integer primary key, law_id text, law_name text, law_department text, level text,"
        " status text, chapter text, section text, article_no text, article_no_arabic int, article_text text,"
        " char_count int)"
    )
    connection.executemany(
        "insert into laws values (?, ?, ?, '法律', '禾县人大', ?5, ?4, ?5, ?6, '行政法')", laws
    )
    connection.executemany(
        "insert into articles (law_id, chapter, section, article_no, article_text) values (?, ?, ?, ?, ?)", rows
    )
    connection.commit()
    connection.close()
    return path
