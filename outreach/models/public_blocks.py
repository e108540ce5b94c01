"""What a public page is made of."""
from mingfa.library.blocks import LawBlock
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

FEATURES = ["h2", "h3", "bold", "ol", "ul", "link", "document-link"]


class PublicPictureBlock(blocks.StructBlock):
    image = ImageChooserBlock(label="图片")
    description = blocks.CharBlock(
        label="图片说明", max_length=200, required=False, help_text="看不见图片的人靠这句话知道图上是什么；没有它不能送审"
    )

    class Meta:
        icon = "image"
        label = "图片"
        template = "public/_picture.html"


class PublicFileBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label="文件")
    note = blocks.CharBlock(label="说明", max_length=100, required=False)

    class Meta:
        icon = "doc-full"
        label = "附件"
        template = "public/_file.html"


class PublicBody(blocks.StreamBlock):
    text = blocks.RichTextBlock(label="正文", features=FEATURES, template="public/_text.html")
    law = LawBlock()
    picture = PublicPictureBlock()
    file = PublicFileBlock()
