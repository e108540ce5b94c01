"""What a lesson is made of."""
from django.core.exceptions import ValidationError
from mingfa.library.citations import parse_citations
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

TEXT_FEATURES = ["h2", "h3", "bold", "ol", "ul", "link", "document-link"]


class LawBlock(blocks.StructBlock):
    """A live article: the text comes from the law library each time, never pasted into the lesson."""

    law = blocks.CharBlock(label="法律法规", max_length=200, help_text="全称或简称，不加书名号，如：行政复议法")
    article = blocks.CharBlock(
        label="条", max_length=30, help_text="如：第二十条，或 20；第四十二条之一写 42-1；可以写到款、项"
    )

    class Meta:
        icon = "openquote"
        label = "法条"
        template = "courses/blocks/law.html"

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


class FileBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label="文件")
    note = blocks.CharBlock(label="说明", max_length=100, required=False)

    class Meta:
        icon = "doc-full"
        label = "附件"
        template = "courses/blocks/file.html"


class PictureBlock(blocks.StructBlock):
    image = ImageChooserBlock(label="图片")
    description = blocks.CharBlock(
        label="图片说明", max_length=200, help_text="看不见图片的人靠这句话知道图上是什么"
    )

    class Meta:
        icon = "image"
        label = "图片"
        template = "courses/blocks/picture.html"


class CaseBlock(blocks.StructBlock):
    text = blocks.RichTextBlock(label="案情", features=["bold", "ol", "ul", "link"])
    source = blocks.CharBlock(
        label="出处", max_length=100, default="情节为编写，人物均为化名", help_text="写明是编写的还是公开案例"
    )

    class Meta:
        icon = "form"
        label = "案例"
        template = "courses/blocks/case.html"


class LessonBody(blocks.StreamBlock):
    text = blocks.RichTextBlock(label="正文", features=TEXT_FEATURES, template="courses/blocks/text.html")
    law = LawBlock()
    case = CaseBlock()
    picture = PictureBlock()
    file = FileBlock()
