"""A 花名册 as a liaison brings it in: upload, then confirm."""
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from mingfa.people.models import RosterImport
from mingfa.spreadsheets import write_csv

HEADER = ("姓名", "工号", "手机号码", "单位", "职务", "在岗状态")


def upload(client, rows, *, header=HEADER, name="名册.csv", **more):
    file = SimpleUploadedFile(name, write_csv(header, rows))
    return client.post(reverse("roster_upload"), {"file": file, **more})


def staged():
    return RosterImport.objects.first()


def confirm(client, do="apply"):
    return client.post(reverse("roster_confirm", args=[staged().pk]), {"do": do}, follow=True)
