"""Uploaded pictures go out through a view that looks up the object and asks who may see it, never by their path.

Documents go through Wagtail's own view, guarded by the hook in wagtail_hooks.
"""
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe
from wagtail.images import get_image_model


@login_required
@require_safe
def picture(request, name):
    """Send one rendition of a picture.

    Args:
        name: the file name stored in the rendition's row; a file without a row does not exist for the web.

    Raises:
        Http404: no rendition of that name, or its file is gone.
        PermissionDenied: the picture's collection is private and its condition is not met.
    """
    renditions = get_image_model().get_rendition_model().objects.select_related("image__collection")
    rendition = get_object_or_404(renditions, file=name)
    for restriction in rendition.image.collection.get_view_restrictions():
        if not restriction.accept_request(request):
            raise PermissionDenied("这张图片只对指定人员开放。")
    response = FileResponse(rendition.file.open("rb"))
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=3600"
    return response
