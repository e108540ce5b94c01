"""Uploaded files leave the house only through views that know the object, and only to people with an account."""
import pytest
from django.core.files.base import ContentFile
from mingfa.people.models import User
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, CollectionViewRestriction


@pytest.fixture(autouse=True)
def uploads_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def signed_in(client, db):
    client.force_login(User.objects.create(username="reader", name="何砚秋"))
    return client


@pytest.fixture
def rendition(db):
    image = get_image_model().objects.create(title="会场", file=get_test_image_file(filename="hall.png"))
    small = get_test_image_file(filename="hall.width-50.png", size=(50, 40))
    return image.renditions.create(filter_spec="width-50", file=small, width=50, height=40)


@pytest.fixture
def document(db):
    return get_document_model().objects.create(title="方案", file=ContentFile(b"plan", name="plan.txt"))


def test_a_picture_is_for_people_with_an_account(client, rendition):
    response = client.get(rendition.url)
    assert (response.status_code, response["Location"]) == (302, f"/login/?next={rendition.url}")


def test_a_picture_is_sent_so_that_nothing_in_it_can_run(signed_in, rendition):
    response = signed_in.get(rendition.url)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert b"".join(response.streaming_content).startswith(b"\x89PNG")


def test_a_file_without_an_object_does_not_exist(signed_in, rendition, tmp_path):
    (tmp_path / "images" / "stray.png").write_bytes(b"\x89PNG")
    for path in ("images/stray.png", "original_images/hall.png", "../secret-key", "images/../images/hall.png"):
        assert signed_in.get(f"/uploads/{path}").status_code == 404


def test_a_picture_of_a_private_collection_is_refused(signed_in, rendition):
    private = Collection.get_first_root_node().add_child(name="班子")
    CollectionViewRestriction.objects.create(collection=private, restriction_type="groups")
    rendition.image.collection = private
    rendition.image.save()
    assert signed_in.get(rendition.url).status_code == 403


def test_a_document_is_for_people_with_an_account(client, document):
    response = client.get(document.url)
    assert (response.status_code, response["Location"]) == (302, f"/login/?next={document.url}")


def test_a_document_is_sent_as_a_download(signed_in, document):
    response = signed_in.get(document.url)
    assert response.status_code == 200
    assert response["Content-Disposition"] == 'attachment; filename="plan.txt"'
    assert b"".join(response.streaming_content) == b"plan"


def test_a_document_under_another_name_does_not_exist(signed_in, document):
    assert signed_in.get(document.url.replace("plan.txt", "other.txt")).status_code == 404


def test_the_upload_folder_is_not_listed(signed_in):
    assert signed_in.get("/uploads/").status_code == 404
