"""What a lesson is made of."""
from mingfa.library.blocks import LawBlock, reference
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

__all__ = ["LawBlock", "LessonBody", "reference"]

TEXT_FEATURES = ["h2", "h3", "bold", "ol", "ul", "link", "document-link"]


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
