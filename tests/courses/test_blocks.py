"""A law block reads what a trainer types."""
import pytest
from mingfa.library.citations import CitationRef
from wagtail.blocks.struct_block import StructBlockValidationError

from courses.blocks import LawBlock, reference


@pytest.mark.parametrize(
    ("law", "article", "ref"),
    [
        ("行政复议法", "第二十条", CitationRef("行政复议法", 20)),
        ("《行政复议法》", "20", CitationRef("行政复议法", 20)),
        ("刑法", "42-1", CitationRef("刑法", 42, 1)),
        ("行政复议法", "第二十条第二款", CitationRef("行政复议法", 20, 0, 2)),
    ],
)
def test_articles_are_read_in_the_ways_people_write_them(law, article, ref):
    assert reference({"law": law, "article": article}) == ref


@pytest.mark.parametrize("article", ["", "二十", "第条", "-1", "第二十"])
def test_what_is_no_article_is_refused_with_a_reason(article):
    block = LawBlock()
    with pytest.raises(StructBlockValidationError) as caught:
        block.clean(block.to_python({"law": "行政复议法", "article": article}))
    assert "article" in caught.value.block_errors
