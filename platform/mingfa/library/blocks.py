"""A law article as a part of pages of other apps."""

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from mingfa.library.citations import parse_citations


class LawBlock(blocks.StructBlock):
    """A live article: the text comes from the law library each time, never pasted into the page."""

    law = blocks.CharBlock(label="法律法规", max_length=200, help_text="全称或简称，不加书名号，如：行政复议法")
    article = blocks.CharBlock(
        label="条", max_length=30, help_text="如：第二十条，或 20；第四十二条之一写 42-1；可以写到款、项"
    )

    class Meta:
        icon = "openquote"
        label = "法条"
        template = "library/_law_in_page.html"

    def clean(self, value):
        value = super().clean(value)
        if reference(value) is None:
            raise StructBlockValidationError(
                block_errors={
                    "article": ValidationError("看不出是哪一条。请写成“第二十条”或“20”，之几写成“42-1”。")
                }
            )
        return value

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context)
        # The page looks all its articles up at once; a block on its own (preview in the editor) looks up its one.
        return {**context, "ref": reference(value), "articles": context.get("articles")}


def reference(value):
    """The citation a law block stands for, None when the article cannot be read."""
    law = value["law"].strip().strip("《》")
    article = value["article"].strip()
    number, _, sub = article.partition("-")
    if number.isascii() and number.isdigit():
        article = f"第{number}条" + (f"之{sub}" if sub else "")
    refs = parse_citations(f"《{law}》{article}")
    return refs[0] if refs else None
