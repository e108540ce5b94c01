"""The statute reader. Laws are public, so nothing here asks for a login."""
from django.http import Http404


def index(request):
    raise Http404


def law(request, law):
    raise Http404


def edition(request, law, edition):
    raise Http404


def article(request, law, edition, place):
    raise Http404
